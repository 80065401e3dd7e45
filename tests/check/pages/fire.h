/* SPDX-License-Identifier: MIT */
/* check/pages/fire.h - part of object.c: the event Tick */

HRESULT invoke_tick(IUnknown *sink, double value)
{
    VARIANT argument;
    DISPPARAMS params = { &argument, NULL, 1, 0 };

    memset(&argument, 0, sizeof argument);
    V_VT(&argument) = VT_R8;
    V_R8(&argument) = value;
    return IDispatch_Invoke((IDispatch *)(void *)sink, 1, &IID_NULL, 0, DISPATCH_METHOD, &params,
                            NULL, NULL, NULL);
}

#if !defined(HAS_fire_tick) && !defined(HAS_object_tick)
static HRESULT call(IUnknown *sink, double value)
{
#if defined(HAS_tick_of_symbol)
    return tick((IDispatch *)(void *)sink, value, NULL);
#elif defined(HAS_tick) && defined(WRONG)
    static const IID events = { 0x5d0c0010, 0, 0, { 0 } };

    return tick((IDispatch *)(void *)sink, &events, value);
#elif defined(HAS_tick)
    return tick((IDispatch *)(void *)sink, value);
#elif defined(HAS_closing)
    VARIANT_BOOL cancel = VARIANT_FALSE;

    (void)value;
    return closing((IDispatch *)(void *)sink, &cancel);
#elif defined(HAS_invoke_and_forget)
    VARIANT argument;
    DISPPARAMS params = { &argument, NULL, 1, 0 };

    V_VT(&argument) = VT_R8;
    V_R8(&argument) = value;
    invoke_and_forget((IDispatch *)(void *)sink, &params);
    return S_OK;
#else
    return invoke_tick(sink, value);
#endif
}

static void fire_tick(struct point *point, double value)
{
    ULONG n;
    struct connection **copy = point_copy(point, &n);

    for (ULONG i = 0; i < n; i++) {
        if (!copy[i]->is_ended)
            (void)call(copy[i]->sink, value);
    }
    copy_free(copy, n);
}
#endif

/* Fires from when the object has ended, and not before: other rules count what a sink gets, and
 * a tick that came between would be one too many. */
#ifdef PAGE_end_quiet
struct timer {
    pthread_t thread;
    struct object *object;
    int is_due, is_stopped; /* atomic */
};

static void *timer_run(void *context)
{
    struct timer *timer = context;

    while (!__atomic_load_n(&timer->is_stopped, __ATOMIC_ACQUIRE)) {
        if (__atomic_load_n(&timer->is_due, __ATOMIC_ACQUIRE))
            fire_tick(&timer->object->points[0], 12.5);
        (void)nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
    }
    return NULL;
}

static struct timer *timer_start(struct object *object)
{
    struct timer *timer = calloc(1, sizeof *timer);

    timer->object = object;
    (void)pthread_create(&timer->thread, NULL, timer_run, timer);
    return timer;
}

static struct timer *timer_of(struct object *object)
{
    return ((struct ticking_object *)(void *)object)->timer;
}

static void timer_is_due(struct timer *timer)
{
    __atomic_store_n(&timer->is_due, 1, __ATOMIC_RELEASE);
}

void timer_stop(struct timer *timer)
{
    __atomic_store_n(&timer->is_stopped, 1, __ATOMIC_RELEASE);
    if (!pthread_equal(timer->thread, pthread_self()))
        (void)pthread_join(timer->thread, NULL);
}
#endif

static void fire(struct object *object)
{
#if defined(HAS_object_tick)
    object_tick(object, 12.5);
#elif defined(HAS_fire_tick_nodes)
    fire_tick(nodes, 12.5);
#elif defined(HAS_fire_tick_caching)
    fire_tick(&caching, 12.5);
#else
    fire_tick(&object->points[0], 12.5);
#endif
}
