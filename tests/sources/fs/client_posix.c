/* SPDX-License-Identifier: MIT */
/* tests/sources/fs/client_posix.c - POSIX threads and files */
#include "client.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

char client_scratch[CLIENT_PATH_SIZE];

static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;

int client_begin(void)
{
    strcpy(client_scratch, "/tmp/connpt-fs-XXXXXX");
    return mkdtemp(client_scratch) != NULL;
}

int client_end(void)
{
    char command[CLIENT_PATH_SIZE + 20];

    snprintf(command, sizeof command, "rm -rf %s", client_scratch);
    return system(command) == 0;
}

static const char *path_of(const char *name)
{
    static char paths[2][2 * CLIENT_PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % 2];

    snprintf(path, sizeof paths[0], "%s/%s", client_scratch, name);
    return path;
}

int client_make_file(const char *name)
{
    FILE *file = fopen(path_of(name), "w");

    return file != NULL && fputs("text", file) >= 0 && fclose(file) == 0;
}

int client_make_dir(const char *name)
{
    return mkdir(path_of(name), 0777) == 0;
}

int client_move(const char *from, const char *to)
{
    const char *path = path_of(from);

    return rename(path, path_of(to)) == 0;
}

int client_remove(const char *name)
{
    return remove(path_of(name)) == 0;
}

void client_lock(void)
{
    pthread_mutex_lock(&the_lock);
}

void client_unlock(void)
{
    pthread_mutex_unlock(&the_lock);
}

void client_wait(void)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += 5000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    pthread_cond_timedwait(&more, &the_lock, &at);
}

void client_wake(void)
{
    pthread_cond_broadcast(&more);
}

HRESULT client_can_unload(const char *path)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    HRESULT (*can_unload)(void) = NULL;
    HRESULT hr = E_FAIL;

    if (module == NULL)
        return hr;
    *(void **)&can_unload = dlsym(module, "DllCanUnloadNow");
    if (can_unload != NULL)
        hr = can_unload();
    dlclose(module);
    return hr;
}
