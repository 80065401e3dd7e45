// SPDX-License-Identifier: MIT
//! check/foreign/owned_com.rs - what of COM owned.rs needs: numbers, method tables, references
#![allow(non_snake_case)]

use std::ffi::c_void;
use std::ptr::NonNull;

pub type Hresult = i32;
pub type Out = *mut *mut c_void;

#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Guid(pub u32, pub u16, pub u16, pub [u8; 8]);

pub const fn com_guid(number: u32) -> Guid {
    Guid(number, 0, 0, [0xc0, 0, 0, 0, 0, 0, 0, 0x46])
}

pub const fn point_guid(number: u32) -> Guid {
    Guid(number, 0xbab4, 0x101a, [0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07])
}

pub const UNKNOWN: Guid = com_guid(0);
pub const CLASS_FACTORY: Guid = com_guid(1);
pub const DISPATCH: Guid = com_guid(0x20400);
pub const CONTAINER: Guid = point_guid(0xb196b284);
pub const ENUM_POINTS: Guid = point_guid(0xb196b285);
pub const POINT: Guid = point_guid(0xb196b286);
pub const ENUM_CONNECTIONS: Guid = point_guid(0xb196b287);
pub const NOBODY: Guid = Guid(0, 0, 0, [0; 8]);
pub const PROPERTY_SINK: Guid =
    Guid(0x9bfbbc02, 0xeff1, 0x101a, [0x84, 0xed, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07]);
/// DTickerEvents of idl/ticker.idl, which describes it when ticker.tlb lies beside the module.
pub const EVENTS: Guid =
    Guid(0x08b84bf0, 0x4058, 0x4070, [0xbc, 0xab, 0x7a, 0xe4, 0x1d, 0xac, 0xcc, 0x08]);

pub const S_OK: Hresult = 0;
pub const S_FALSE: Hresult = 1;
pub const E_NOTIMPL: Hresult = 0x80004001u32 as i32;
pub const E_NOINTERFACE: Hresult = 0x80004002u32 as i32;
pub const E_POINTER: Hresult = 0x80004003u32 as i32;
pub const E_NOCONNECTION: Hresult = 0x80040200u32 as i32;
pub const E_CANNOTCONNECT: Hresult = 0x80040202u32 as i32;
pub const E_NOAGGREGATION: Hresult = 0x80040110u32 as i32;

#[repr(C)]
pub struct UnknownTable {
    pub     QueryInterface: unsafe extern "C" fn(*mut c_void, *const Guid, Out) -> Hresult,
    pub     AddRef: unsafe extern "C" fn(*mut c_void) -> u32,
    pub     Release: unsafe extern "C" fn(*mut c_void) -> u32,
}

#[repr(C)]
pub struct DispatchTable {
    pub     unknown: UnknownTable,
    pub     GetTypeInfoCount: unsafe extern "C" fn(*mut c_void, *mut u32) -> Hresult,
    pub     GetTypeInfo: unsafe extern "C" fn(*mut c_void, u32, u32, Out) -> Hresult,
    pub     GetIDsOfNames:
        unsafe extern "C" fn(*mut c_void, *const Guid, Out, u32, u32, *mut i32) -> Hresult,
    pub     Invoke: unsafe extern "C" fn(
        *mut c_void,
        i32,
        *const Guid,
        u32,
        u16,
        *mut Parameters,
        *mut Value,
        *mut c_void,
        *mut u32,
    ) -> Hresult,
}

#[repr(C)]
pub struct ContainerTable {
    pub     unknown: UnknownTable,
    pub     EnumConnectionPoints: unsafe extern "C" fn(*mut c_void, Out) -> Hresult,
    pub     FindConnectionPoint: unsafe extern "C" fn(*mut c_void, *const Guid, Out) -> Hresult,
}

#[repr(C)]
pub struct PointTable {
    pub     unknown: UnknownTable,
    pub     GetConnectionInterface: unsafe extern "C" fn(*mut c_void, *mut Guid) -> Hresult,
    pub     GetConnectionPointContainer: unsafe extern "C" fn(*mut c_void, Out) -> Hresult,
    pub     Advise: unsafe extern "C" fn(*mut c_void, *mut c_void, *mut u32) -> Hresult,
    pub     Unadvise: unsafe extern "C" fn(*mut c_void, u32) -> Hresult,
    pub     EnumConnections: unsafe extern "C" fn(*mut c_void, Out) -> Hresult,
}

#[repr(C)]
pub struct EnumerationTable {
    pub     unknown: UnknownTable,
    pub     Next: unsafe extern "C" fn(*mut c_void, u32, *mut c_void, *mut u32) -> Hresult,
    pub     Skip: unsafe extern "C" fn(*mut c_void, u32) -> Hresult,
    pub     Reset: unsafe extern "C" fn(*mut c_void) -> Hresult,
    pub     Clone: unsafe extern "C" fn(*mut c_void, Out) -> Hresult,
}

#[repr(C)]
pub struct FactoryTable {
    pub     unknown: UnknownTable,
    pub     CreateInstance: unsafe extern "C" fn(*mut c_void, *mut c_void, *const Guid, Out) -> Hresult,
    pub     LockServer: unsafe extern "C" fn(*mut c_void, i32) -> Hresult,
}

/// A VARIANT of a number or a text.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Value {
    pub     kind: u16,
    pub     reserved: [u16; 3],
    pub     bits: u64,
    pub     more: u64,
}

#[repr(C)]
pub struct Parameters {
    pub     values: *mut Value,
    pub     names: *mut i32,
    pub     n_values: u32,
    pub     n_names: u32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct ConnectData {
    pub     sink: *mut c_void,
    pub     cookie: u32,
}

/// A reference to an object of anybody.
pub struct Reference(pub NonNull<c_void>);

unsafe impl Send for Reference {}
unsafe impl Sync for Reference {}

pub unsafe fn table_of<'a, Table>(object: *mut c_void) -> &'a Table {
    &**(object as *const *const Table)
}

impl Clone for Reference {
    fn clone(&self) -> Self {
        unsafe { (table_of::<UnknownTable>(self.0.as_ptr()).AddRef)(self.0.as_ptr()) };
        Reference(self.0)
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        unsafe { (table_of::<UnknownTable>(self.0.as_ptr()).Release)(self.0.as_ptr()) };
    }
}

impl Reference {
    /// For the caller of a method, who releases it.
    pub fn give(self, out: Out) -> Hresult {
        unsafe { *out = self.0.as_ptr() };
        std::mem::forget(self);
        S_OK
    }
}
