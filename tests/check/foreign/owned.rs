// SPDX-License-Identifier: MIT
//! check/foreign/owned.rs - a connectable object in Rust, whose compiler knows who owns what
//!
//! It shares nothing with connpt but the binary interface. Each interface is a structure of a
//! method table and the object behind it, which an Arc counts; who is connected is a vector that
//! is copied before it is fired at, and each connection remembers whether it has ended.
//!
//! The last byte of the CLSID's first number says which object it is: see the constants of kinds.
//! What is wrong with the others is what the language does not prevent at its border.
#![allow(non_snake_case)]

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::{null_mut, NonNull};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

#[path = "owned_com.rs"]
mod com;
use com::*;

const RIGHT: u8 = 1;
/// The list is borrowed while sinks are called: the next borrow panics.
const BORROWS: u8 = 2;
/// Sinks are bare pointers, which nobody drops with the list that they are in.
const FORGETS: u8 = 3;

// ---- an interface of ours: its table, and what is behind it -------------------------------------

#[repr(C)]
struct Face<T> {
    table: *const c_void,
    references: AtomicU32,
    iid: Guid, // besides IUnknown
    behind: T,
}

fn face<T, Table>(table: &'static Table, iid: Guid, behind: T) -> Reference {
    let table = table as *const Table as *const c_void;
    let face = Box::new(Face { table, references: AtomicU32::new(1), iid, behind });

    Reference(NonNull::from(Box::leak(face)).cast())
}

unsafe fn behind<'a, T>(this: *mut c_void) -> &'a T {
    &(*(this as *const Face<T>)).behind
}

unsafe extern "C" fn face_query<T>(this: *mut c_void, iid: *const Guid, out: Out) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    *out = null_mut();
    if *iid != UNKNOWN && *iid != (*(this as *const Face<T>)).iid {
        return E_NOINTERFACE;
    }
    face_add::<T>(this);
    *out = this;
    S_OK
}

unsafe extern "C" fn face_add<T>(this: *mut c_void) -> u32 {
    (*(this as *const Face<T>)).references.fetch_add(1, Ordering::Relaxed) + 1
}

unsafe extern "C" fn face_release<T>(this: *mut c_void) -> u32 {
    let left = (*(this as *const Face<T>)).references.fetch_sub(1, Ordering::AcqRel) - 1;

    if left == 0 {
        drop(Box::from_raw(this as *mut Face<T>));
    }
    left
}

const fn unknown_table<T>() -> UnknownTable {
    UnknownTable {
        QueryInterface: face_query::<T>,
        AddRef: face_add::<T>,
        Release: face_release::<T>,
    }
}

// ---- the enumerators ----------------------------------------------------------------------------

struct Enumeration {
    items: Arc<Vec<(Reference, u32)>>,
    at: Mutex<usize>,
}

fn enumeration(iid: Guid, items: Arc<Vec<(Reference, u32)>>, at: usize) -> Reference {
    static TABLE: EnumerationTable = EnumerationTable {
        unknown: unknown_table::<Enumeration>(),
        Next: enumeration_next,
        Skip: enumeration_skip,
        Reset: enumeration_reset,
        Clone: enumeration_clone,
    };

    face(&TABLE, iid, Enumeration { items, at: Mutex::new(at) })
}

unsafe extern "C" fn enumeration_next(
    this: *mut c_void,
    n: u32,
    out: *mut c_void,
    fetched: *mut u32,
) -> Hresult {
    let one: &Enumeration = behind(this);
    let mut at = one.at.lock().unwrap();
    let is_of_points = (*(this as *const Face<Enumeration>)).iid == ENUM_POINTS;

    if !fetched.is_null() {
        *fetched = 0;
    }
    if (out.is_null() && n > 0) || (fetched.is_null() && n > 1) {
        return E_POINTER;
    }
    let now = (n as usize).min(one.items.len() - *at);
    for (i, (item, cookie)) in one.items[*at..*at + now].iter().enumerate() {
        let place = if is_of_points {
            (out as Out).add(i)
        } else {
            (*(out as *mut ConnectData).add(i)).cookie = *cookie;
            &mut (*(out as *mut ConnectData).add(i)).sink
        };
        item.clone().give(place);
    }
    *at += now;
    if !fetched.is_null() {
        *fetched = now as u32;
    }
    if now == n as usize {
        S_OK
    } else {
        S_FALSE
    }
}

unsafe extern "C" fn enumeration_skip(this: *mut c_void, n: u32) -> Hresult {
    let one: &Enumeration = behind(this);
    let mut at = one.at.lock().unwrap();
    let left = one.items.len() - *at;

    *at += left.min(n as usize);
    if n as usize <= left {
        S_OK
    } else {
        S_FALSE
    }
}

unsafe extern "C" fn enumeration_reset(this: *mut c_void) -> Hresult {
    *behind::<Enumeration>(this).at.lock().unwrap() = 0;
    S_OK
}

unsafe extern "C" fn enumeration_clone(this: *mut c_void, out: Out) -> Hresult {
    let one: &Enumeration = behind(this);

    if out.is_null() {
        return E_POINTER;
    }
    let at = *one.at.lock().unwrap();
    enumeration((*(this as *const Face<Enumeration>)).iid, one.items.clone(), at).give(out)
}

// ---- the points ---------------------------------------------------------------------------------

struct Connection {
    sink: Reference,
    cookie: u32,
    has_ended: AtomicBool,
}

#[derive(Default)]
struct List {
    connections: Vec<Arc<Connection>>,
    last_cookie: u32,
}

/// It is a part of its object: the object's count is its own. Its address is that of `table`.
#[repr(C)]
struct Point {
    table: *const PointTable,
    owner: *const Source,
    iid: Guid,
    list: Mutex<List>,
    borrowed: RefCell<Vec<Arc<Connection>>>, // BORROWS: the same as in the list
}

impl Point {
    fn connections(&self) -> Vec<Arc<Connection>> {
        self.list.lock().unwrap().connections.clone()
    }

    fn fire(&self, kind: u8) {
        if kind == BORROWS {
            for connection in self.borrowed.borrow().iter() {
                call(&connection.sink);
            }
            return;
        }
        for connection in self.connections() {
            if !connection.has_ended.load(Ordering::Acquire) {
                call(&connection.sink);
            }
        }
    }
}

/// A BSTR: its length in bytes stands before it.
#[repr(C, align(8))]
struct Symbol {
    unused: u32,
    n_bytes: u32,
    text: [u16; 4],
}

static SYMBOL: Symbol =
    Symbol { unused: 0, n_bytes: 6, text: [b'A' as u16, b'C' as u16, b'M' as u16, 0] };

fn call(sink: &Reference) {
    let text = Value { kind: 8, reserved: [0; 3], bits: SYMBOL.text.as_ptr() as u64, more: 0 };
    let number = Value { kind: 5, reserved: [0; 3], bits: 12.5f64.to_bits(), more: 0 };
    let mut values = [text, number]; // the last argument comes first
    let mut parameters =
        Parameters { values: values.as_mut_ptr(), names: null_mut(), n_values: 2, n_names: 0 };
    let this = sink.0.as_ptr();

    unsafe {
        let table: &DispatchTable = table_of(this);

        (table.Invoke)(
            this,
            1,
            &NOBODY,
            0x400,
            1,
            &mut parameters,
            null_mut(),
            null_mut(),
            null_mut(),
        );
    }
}

unsafe fn point_of<'a>(this: *mut c_void) -> &'a Point {
    &*(this as *const Point)
}

unsafe extern "C" fn point_query(this: *mut c_void, iid: *const Guid, out: Out) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    *out = null_mut();
    if *iid != UNKNOWN && *iid != POINT {
        return E_NOINTERFACE;
    }
    point_add(this);
    *out = this;
    S_OK
}

unsafe extern "C" fn point_add(this: *mut c_void) -> u32 {
    source_add(point_of(this).owner as *mut c_void)
}

unsafe extern "C" fn point_release(this: *mut c_void) -> u32 {
    source_release(point_of(this).owner as *mut c_void)
}

unsafe extern "C" fn point_interface(this: *mut c_void, out: *mut Guid) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    *out = point_of(this).iid;
    S_OK
}

unsafe extern "C" fn point_container(this: *mut c_void, out: Out) -> Hresult {
    source_query(point_of(this).owner as *mut c_void, &CONTAINER, out)
}

unsafe extern "C" fn point_advise(
    this: *mut c_void,
    sink: *mut c_void,
    cookie: *mut u32,
) -> Hresult {
    let point = point_of(this);
    let mut asked = null_mut();

    if cookie.is_null() {
        return E_POINTER;
    }
    *cookie = 0;
    if sink.is_null() {
        return E_POINTER;
    }
    let hr = (table_of::<UnknownTable>(sink).QueryInterface)(sink, &point.iid, &mut asked);
    let sink = match NonNull::new(asked) {
        Some(asked) if hr >= 0 => Reference(asked),
        _ => return E_CANNOTCONNECT,
    };
    let mut list = point.list.lock().unwrap();
    list.last_cookie += 1;
    *cookie = list.last_cookie;
    let new = Arc::new(Connection { sink, cookie: *cookie, has_ended: AtomicBool::new(false) });
    if (*point.owner).kind == BORROWS {
        point.borrowed.borrow_mut().push(new.clone());
    }
    list.connections.push(new);
    S_OK
}

unsafe extern "C" fn point_unadvise(this: *mut c_void, cookie: u32) -> Hresult {
    let point = point_of(this);
    let mut list = point.list.lock().unwrap();
    let place = list.connections.iter().position(|one| one.cookie == cookie);
    let ended = match place {
        Some(place) => list.connections.remove(place),
        None => return E_NOCONNECTION,
    };

    drop(list); // before the sink's Release
    ended.has_ended.store(true, Ordering::Release);
    if (*point.owner).kind == BORROWS {
        point.borrowed.borrow_mut().retain(|one| one.cookie != cookie);
    }
    S_OK
}

unsafe extern "C" fn point_enumerate(this: *mut c_void, out: Out) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    let items =
        point_of(this).connections().iter().map(|one| (one.sink.clone(), one.cookie)).collect();

    enumeration(ENUM_CONNECTIONS, Arc::new(items), 0).give(out)
}

static POINT_TABLE: PointTable = PointTable {
    unknown: UnknownTable {
        QueryInterface: point_query,
        AddRef: point_add,
        Release: point_release,
    },
    GetConnectionInterface: point_interface,
    GetConnectionPointContainer: point_container,
    Advise: point_advise,
    Unadvise: point_unadvise,
    EnumConnections: point_enumerate,
};

// ---- the object ---------------------------------------------------------------------------------

/// IDispatch, whose address is the object's, and IConnectionPointContainer, one pointer behind it.
#[repr(C)]
struct Source {
    dispatch: *const DispatchTable,
    container: *const ContainerTable,
    references: AtomicU32,
    kind: u8,
    points: [Point; 2],
}

impl Drop for Source {
    fn drop(&mut self) {
        if self.kind == FORGETS {
            for point in &self.points {
                std::mem::forget(std::mem::take(&mut *point.list.lock().unwrap()));
            }
        }
    }
}

unsafe fn source_of<'a>(this: *mut c_void) -> &'a Source {
    &*(this as *const Source)
}

unsafe fn source_of_container(this: *mut c_void) -> *mut c_void {
    (this as *mut *mut c_void).sub(1) as *mut c_void
}

unsafe extern "C" fn source_query(this: *mut c_void, iid: *const Guid, out: Out) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    *out = null_mut();
    let face = match *iid {
        UNKNOWN | DISPATCH => this,
        CONTAINER => (this as *mut *mut c_void).add(1) as *mut c_void,
        _ => return E_NOINTERFACE,
    };
    source_add(this);
    *out = face;
    S_OK
}

unsafe extern "C" fn source_add(this: *mut c_void) -> u32 {
    source_of(this).references.fetch_add(1, Ordering::Relaxed) + 1
}

unsafe extern "C" fn source_release(this: *mut c_void) -> u32 {
    let left = source_of(this).references.fetch_sub(1, Ordering::AcqRel) - 1;

    if left == 0 {
        // A sink may use it while its list ends.
        source_of(this).references.store(1 << 30, Ordering::Relaxed);
        drop(Box::from_raw(this as *mut Source));
    }
    left
}

unsafe extern "C" fn source_info_count(_: *mut c_void, count: *mut u32) -> Hresult {
    *count = 0;
    S_OK
}

unsafe extern "C" fn source_info(_: *mut c_void, _: u32, _: u32, out: Out) -> Hresult {
    *out = null_mut();
    E_NOTIMPL
}

/// Any name is the method that fires.
unsafe extern "C" fn source_ids(
    _: *mut c_void,
    _: *const Guid,
    _: Out,
    n: u32,
    _: u32,
    ids: *mut i32,
) -> Hresult {
    for i in 0..n as usize {
        *ids.add(i) = 2;
    }
    S_OK
}

unsafe extern "C" fn source_invoke(
    this: *mut c_void,
    _: i32,
    _: *const Guid,
    _: u32,
    _: u16,
    _: *mut Parameters,
    _: *mut Value,
    _: *mut c_void,
    _: *mut u32,
) -> Hresult {
    source_add(this); // a sink may give back the last one of the caller's
    source_of(this).points[0].fire(source_of(this).kind);
    source_release(this);
    S_OK
}

unsafe extern "C" fn container_query(this: *mut c_void, iid: *const Guid, out: Out) -> Hresult {
    source_query(source_of_container(this), iid, out)
}

unsafe extern "C" fn container_add(this: *mut c_void) -> u32 {
    source_add(source_of_container(this))
}

unsafe extern "C" fn container_release(this: *mut c_void) -> u32 {
    source_release(source_of_container(this))
}

fn point_reference(point: &Point) -> Reference {
    let this = point as *const Point as *mut c_void;

    unsafe { point_add(this) };
    Reference(NonNull::new(this).unwrap())
}

unsafe extern "C" fn container_enumerate(this: *mut c_void, out: Out) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    let source = source_of(source_of_container(this));
    let items = source.points.iter().map(|point| (point_reference(point), 0)).collect();

    enumeration(ENUM_POINTS, Arc::new(items), 0).give(out)
}

unsafe extern "C" fn container_find(this: *mut c_void, iid: *const Guid, out: Out) -> Hresult {
    if out.is_null() {
        return E_POINTER;
    }
    *out = null_mut();
    if iid.is_null() {
        return E_POINTER;
    }
    match source_of(source_of_container(this)).points.iter().find(|point| point.iid == *iid) {
        Some(point) => point_reference(point).give(out),
        None => E_NOCONNECTION,
    }
}

static DISPATCH_TABLE: DispatchTable = DispatchTable {
    unknown: UnknownTable {
        QueryInterface: source_query,
        AddRef: source_add,
        Release: source_release,
    },
    GetTypeInfoCount: source_info_count,
    GetTypeInfo: source_info,
    GetIDsOfNames: source_ids,
    Invoke: source_invoke,
};
static CONTAINER_TABLE: ContainerTable = ContainerTable {
    unknown: UnknownTable {
        QueryInterface: container_query,
        AddRef: container_add,
        Release: container_release,
    },
    EnumConnectionPoints: container_enumerate,
    FindConnectionPoint: container_find,
};

fn source(kind: u8) -> Reference {
    let point = |iid| Point {
        table: &POINT_TABLE,
        owner: std::ptr::null(),
        iid,
        list: Mutex::default(),
        borrowed: RefCell::default(),
    };
    let made = Box::leak(Box::new(Source {
        dispatch: &DISPATCH_TABLE,
        container: &CONTAINER_TABLE,
        references: AtomicU32::new(1),
        kind,
        points: [point(EVENTS), point(PROPERTY_SINK)],
    }));
    let owner = made as *const Source;

    for point in &mut made.points {
        point.owner = owner;
    }
    Reference(NonNull::from(made).cast())
}

// ---- its class ----------------------------------------------------------------------------------

unsafe extern "C" fn factory_create(
    this: *mut c_void,
    outer: *mut c_void,
    iid: *const Guid,
    out: Out,
) -> Hresult {
    *out = null_mut();
    if !outer.is_null() {
        return E_NOAGGREGATION;
    }
    let made = source(*behind::<u8>(this));
    source_query(made.0.as_ptr(), iid, out)
}

unsafe extern "C" fn factory_lock(_: *mut c_void, _: i32) -> Hresult {
    S_OK
}

/// # Safety
/// As of any DllGetClassObject: the pointers are good.
#[no_mangle]
pub unsafe extern "C" fn DllGetClassObject(
    clsid: *const c_void,
    iid: *const c_void,
    out: *mut *mut c_void,
) -> i32 {
    static TABLE: FactoryTable = FactoryTable {
        unknown: unknown_table::<u8>(),
        CreateInstance: factory_create,
        LockServer: factory_lock,
    };
    let kind = ((*(clsid as *const Guid)).0 & 0xff) as u8;
    let factory = face(&TABLE, CLASS_FACTORY, if kind > FORGETS { RIGHT } else { kind });

    face_query::<u8>(factory.0.as_ptr(), iid as *const Guid, out)
}
