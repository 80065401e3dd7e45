/* SPDX-License-Identifier: MIT */
/* fs/tree.c - the table of watched directories and their paths */
#include "tree.h"

#include <string.h>

#include <connpt/memory.h>

static char *copy_bytes(const char *bytes, size_t size)
{
    char *copy = connpt_CoTaskMemAlloc(size + 1);

    if (copy != NULL) {
        memcpy(copy, bytes, size);
        copy[size] = '\0';
    }
    return copy;
}

int fs_tree_init(struct fs_tree *tree, const char *root, const char *shown)
{
    size_t root_length = strlen(root);
    size_t shown_length = strlen(shown);

    *tree = (struct fs_tree){ 0 };
    while (root_length > 0 && fs_is_separator(root[root_length - 1]))
        root_length--;
    while (shown_length > 0 && fs_is_separator(shown[shown_length - 1]))
        shown_length--;
    tree->root_length = root_length;
    tree->root = copy_bytes(root, root_length);
    if (tree->root == NULL || !fs_text_append_name(&tree->shown, shown, shown_length)) {
        fs_tree_fini(tree);
        return 0;
    }
    tree->shown_root_length = tree->shown.length;
    return 1;
}

static void dir_free(struct fs_dir *dir)
{
    fs_names_fini(&dir->names);
    connpt_CoTaskMemFree(dir->name);
    connpt_CoTaskMemFree(dir);
}

void fs_tree_fini(struct fs_tree *tree)
{
    for (uint32_t i = 0; i < tree->n_slots; i++)
        if (tree->slots[i] != NULL)
            dir_free(tree->slots[i]);
    connpt_CoTaskMemFree(tree->slots);
    connpt_CoTaskMemFree(tree->root);
    connpt_CoTaskMemFree(tree->buffer);
    fs_text_fini(&tree->shown);
    *tree = (struct fs_tree){ 0 };
}

/* The kernel numbers watches upwards: the number itself is a perfect hash. */
struct fs_dir *fs_tree_find(const struct fs_tree *tree, int wd)
{
    uint32_t mask = tree->n_slots - 1;

    if (tree->n_slots == 0)
        return NULL;
    for (uint32_t slot = (uint32_t)wd & mask; tree->slots[slot] != NULL; slot = (slot + 1) & mask)
        if (tree->slots[slot]->wd == wd)
            return tree->slots[slot];
    return NULL;
}

static void table_put(struct fs_tree *tree, struct fs_dir *dir)
{
    uint32_t mask = tree->n_slots - 1;
    uint32_t slot = (uint32_t)dir->wd & mask;

    while (tree->slots[slot] != NULL)
        slot = (slot + 1) & mask;
    tree->slots[slot] = dir;
}

static int table_reserve(struct fs_tree *tree)
{
    struct fs_dir **old = tree->slots;
    uint32_t n_old = tree->n_slots;
    uint32_t n_slots = n_old != 0 ? n_old * 2 : 16;

    if (tree->n_dirs + 1 < n_old - n_old / 4)
        return 1;
    tree->slots = connpt_CoTaskMemAlloc(n_slots * sizeof *tree->slots);
    if (tree->slots == NULL) {
        tree->slots = old;
        return 0;
    }
    memset(tree->slots, 0, n_slots * sizeof *tree->slots);
    tree->n_slots = n_slots;
    for (uint32_t i = 0; i < n_old; i++)
        if (old[i] != NULL)
            table_put(tree, old[i]);
    connpt_CoTaskMemFree(old);
    return 1;
}

struct fs_dir *fs_tree_add(struct fs_tree *tree, int wd, struct fs_dir *parent, const char *name,
                           size_t length)
{
    struct fs_dir *dir;

    if (!table_reserve(tree))
        return NULL;
    dir = connpt_CoTaskMemAlloc(sizeof *dir);
    if (dir == NULL)
        return NULL;
    *dir = (struct fs_dir){
        .wd = wd, .parent = parent, .name_length = (uint16_t)length, .is_unread = 1
    };
    if (parent != NULL) {
        dir->name = copy_bytes(name, length);
        if (dir->name == NULL) {
            connpt_CoTaskMemFree(dir);
            return NULL;
        }
    }
    table_put(tree, dir);
    tree->n_dirs++;
    return dir;
}

void fs_tree_remove(struct fs_tree *tree, struct fs_dir *dir)
{
    uint32_t mask = tree->n_slots - 1;
    uint32_t hole = (uint32_t)dir->wd & mask;

    while (tree->slots[hole] != dir)
        hole = (hole + 1) & mask;
    for (uint32_t slot = (hole + 1) & mask; tree->slots[slot] != NULL; slot = (slot + 1) & mask) {
        uint32_t home = (uint32_t)tree->slots[slot]->wd & mask;

        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            tree->slots[hole] = tree->slots[slot];
            hole = slot;
        }
    }
    tree->slots[hole] = NULL;
    tree->n_dirs--;
    tree->shown_dir = NULL;
    dir_free(dir);
}

int fs_tree_move(struct fs_tree *tree, struct fs_dir *dir, struct fs_dir *parent, const char *name,
                 size_t length)
{
    char *copy = copy_bytes(name, length);

    if (copy == NULL)
        return 0;
    connpt_CoTaskMemFree(dir->name);
    dir->name = copy;
    dir->name_length = (uint16_t)length;
    dir->parent = parent;
    tree->shown_dir = NULL;
    return 1;
}

int fs_tree_is_below(const struct fs_dir *dir, const struct fs_dir *top)
{
    while (dir != NULL && dir != top)
        dir = dir->parent;
    return dir != NULL;
}

const char *fs_tree_path(struct fs_tree *tree, const struct fs_dir *dir, const char *name,
                         size_t length)
{
    size_t size = tree->root_length + 2; /* a slash when the root is "/", and the NUL */
    char *end;

    if (name != NULL)
        size += length + 1;
    for (const struct fs_dir *up = dir; up->parent != NULL; up = up->parent)
        size += up->name_length + 1u;
    if (size > tree->buffer_size) {
        char *buffer = connpt_CoTaskMemRealloc(tree->buffer, size + size / 2);

        if (buffer == NULL)
            return NULL;
        tree->buffer = buffer;
        tree->buffer_size = size + size / 2;
    }
    /* From the end to the front, as the links go. */
    end = tree->buffer + tree->buffer_size - 1;
    *end = '\0';
    if (name != NULL) {
        end -= length;
        memcpy(end, name, length);
        *--end = FS_SEPARATOR;
    }
    for (const struct fs_dir *up = dir; up->parent != NULL; up = up->parent) {
        end -= up->name_length;
        memcpy(end, up->name, up->name_length);
        *--end = FS_SEPARATOR;
    }
    if (*end == '\0' && tree->root_length == 0)
        *--end = FS_SEPARATOR;
    end -= tree->root_length;
    memcpy(end, tree->root, tree->root_length);
    return end;
}

/* Leave `shown` at the directory's path and a separator. */
static int show_dir(struct fs_tree *tree, const struct fs_dir *dir)
{
    const char *path;

    if (tree->shown_dir == dir) {
        fs_text_truncate(&tree->shown, tree->shown_dir_length);
        return 1;
    }
    path = fs_tree_path(tree, dir, "", 0);
    fs_text_truncate(&tree->shown, tree->shown_root_length);
    tree->shown_dir = NULL;
    if (path == NULL || !fs_text_append_name(&tree->shown, path + tree->root_length,
                                             strlen(path) - tree->root_length))
        return 0;
    tree->shown_dir = dir;
    tree->shown_dir_length = tree->shown.length;
    return 1;
}

int fs_tree_shown(struct fs_tree *tree, const struct fs_dir *dir, const char *name, size_t length,
                  BSTR *ret_path)
{
    if (!show_dir(tree, dir))
        return 0;
    if (name != NULL) {
        if (!fs_text_append_name(&tree->shown, name, length))
            return 0;
    } else if (tree->shown.length > 1) {
        /* The NUL goes where the cached part has its separator. */
        tree->shown_dir = NULL;
        fs_text_truncate(&tree->shown, tree->shown.length - 1);
    }
    *ret_path = fs_text_bstr(&tree->shown);
    return 1;
}
