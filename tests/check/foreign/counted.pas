{ SPDX-License-Identifier: MIT }
{
  check/foreign/counted.pas - a connectable object in Pascal, whose compiler counts the references
  of interfaces

  It shares nothing with connpt but the binary interface. The points are contained objects that
  count with their owner; who is connected is an array that is replaced whenever somebody comes or
  goes, so that a fire goes on with the one that it began with.

  The last byte of the CLSID's first number says which object it is: see TKind. What is wrong with
  the others is what the language makes easy.
}
library counted;

{$mode objfpc}{$H+}{$interfaces com}

uses
  cmem, { the C library's memory, so that the checker sees what is used after its end }
  cthreads, Classes, SysUtils;

type
  TKind = (
    kRight = 1,
    kAssigns = 2, { items are assigned to the caller's array, as to variables that hold something }
    kRaises = 3   { a cookie is an index: an exception leaves the method for one that is none }
  );

const
  S_OK = 0;
  S_FALSE = 1;
  E_NOTIMPL = HResult($80004001);
  E_NOINTERFACE = HResult($80004002);
  E_POINTER = HResult($80004003);
  CONNECT_E_NOCONNECTION = HResult($80040200);
  CONNECT_E_CANNOTCONNECT = HResult($80040202);
  CLASS_E_NOAGGREGATION = HResult($80040110);
  VT_R8 = 5;
  VT_BSTR = 8;

  IID_Unknown: TGuid = '{00000000-0000-0000-C000-000000000046}';
  IID_Dispatch: TGuid = '{00020400-0000-0000-C000-000000000046}';
  IID_EnumConnectionPoints: TGuid = '{B196B285-BAB4-101A-B69C-00AA00341D07}';
  IID_EnumConnections: TGuid = '{B196B287-BAB4-101A-B69C-00AA00341D07}';
  { DTickerEvents of idl/ticker.idl, which describes it when ticker.tlb lies beside the module }
  IID_Events: TGuid = '{08B84BF0-4058-4070-BCAB-7AE41DACCC08}';
  IID_PropertyNotifySink: TGuid = '{9BFBBC02-EFF1-101A-84ED-00AA00341D07}';

type
  PIID = ^TGuid;
  PLongWord = ^LongWord;

  TVariant = packed record
    vt, reserved1, reserved2, reserved3: Word;
    case Integer of
      0: (dblVal: Double);
      1: (text: Pointer);
      2: (room: array[0..1] of Pointer);
  end;

  TDispParams = record
    rgvarg, rgdispidNamedArgs: Pointer;
    cArgs, cNamedArgs: LongWord;
  end;

  ICallable = interface(IUnknown) ['{00020400-0000-0000-C000-000000000046}']
    function GetTypeInfoCount(count: PLongWord): HResult; cdecl;
    function GetTypeInfo(index, lcid: LongWord; info: PPointer): HResult; cdecl;
    function GetIDsOfNames(iid: PIID; names: Pointer; n, lcid: LongWord; ids: PLongInt): HResult; cdecl;
    function Invoke(id: LongInt; iid: PIID; lcid: LongWord; flags: Word; params, res, exception,
      wrong: Pointer): HResult; cdecl;
  end;

  IContainer = interface(IUnknown) ['{B196B284-BAB4-101A-B69C-00AA00341D07}']
    function EnumConnectionPoints(result_: PPointer): HResult; cdecl;
    function FindConnectionPoint(iid: PIID; point: PPointer): HResult; cdecl;
  end;

  IPoint = interface(IUnknown) ['{B196B286-BAB4-101A-B69C-00AA00341D07}']
    function GetConnectionInterface(iid: PIID): HResult; cdecl;
    function GetConnectionPointContainer(container: PPointer): HResult; cdecl;
    function Advise(sink: Pointer; cookie: PLongWord): HResult; cdecl;
    function Unadvise(cookie: LongWord): HResult; cdecl;
    function EnumConnections(result_: PPointer): HResult; cdecl;
  end;

  { Both enumerators: their items differ. }
  IEnumeration = interface(IUnknown) ['{B196B287-BAB4-101A-B69C-00AA00341D07}']
    function Next(n: LongWord; items: Pointer; fetched: PLongWord): HResult; cdecl;
    function Skip(n: LongWord): HResult; cdecl;
    function Reset: HResult; cdecl;
    function Clone(result_: PPointer): HResult; cdecl;
  end;

  IFactory = interface(IUnknown) ['{00000001-0000-0000-C000-000000000046}']
    function CreateInstance(outer: Pointer; iid: PIID; obj: PPointer): HResult; cdecl;
    function LockServer(locks: LongInt): HResult; cdecl;
  end;

  TConnection = record
    Sink: IUnknown;
    Cookie: LongWord;
  end;
  TConnections = array of TConnection; { never changed once others can see it }
  PConnection = ^TConnection;          { a CONNECTDATA }

  TSource = class;

  TEnumeration = class(TInterfacedObject, IEnumeration)
  private
    FKind: TKind;
    FItems: TConnections;
    FIsOfPoints: Boolean;
    FAt: LongWord;
    procedure Store(to_: Pointer; n: LongWord; const item: TConnection);
  public
    constructor Create(kind: TKind; const items: TConnections; isOfPoints: Boolean; at: LongWord);
    function QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
    function Next(n: LongWord; items: Pointer; fetched: PLongWord): HResult; cdecl;
    function Skip(n: LongWord): HResult; cdecl;
    function Reset: HResult; cdecl;
    function Clone(result_: PPointer): HResult; cdecl;
  end;

  TPoint = class(TContainedObject, IPoint)
  private
    FOwner: TSource;
    FIID: TGuid;
    FConnections: TConnections;
    FLastCookie: LongWord;
    FByIndex: TFPList; { kRaises: who is connected; nil }
    function Snapshot: TConnections;
    function IsConnected(cookie: LongWord): Boolean;
  public
    constructor Create(owner: TSource; const iid: TGuid);
    destructor Destroy; override;
    procedure Fire;
    function QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
    function GetConnectionInterface(iid: PIID): HResult; cdecl;
    function GetConnectionPointContainer(container: PPointer): HResult; cdecl;
    function Advise(sink: Pointer; cookie: PLongWord): HResult; cdecl;
    function Unadvise(cookie: LongWord): HResult; cdecl;
    function EnumConnections(result_: PPointer): HResult; cdecl;
  end;

  TSource = class(TInterfacedObject, IUnknown, ICallable, IContainer)
  private
    FKind: TKind;
    FLock: TRTLCriticalSection;
    FPoints: array[0..1] of TPoint;
  public
    constructor Create(kind: TKind);
    destructor Destroy; override;
    function QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
    function GetTypeInfoCount(count: PLongWord): HResult; cdecl;
    function GetTypeInfo(index, lcid: LongWord; info: PPointer): HResult; cdecl;
    function GetIDsOfNames(iid: PIID; names: Pointer; n, lcid: LongWord; ids: PLongInt): HResult; cdecl;
    function Invoke(id: LongInt; iid: PIID; lcid: LongWord; flags: Word; params, res, exception,
      wrong: Pointer): HResult; cdecl;
    function EnumConnectionPoints(result_: PPointer): HResult; cdecl;
    function FindConnectionPoint(iid: PIID; point: PPointer): HResult; cdecl;
  end;

  TFactory = class(TInterfacedObject, IFactory)
  private
    FKind: TKind;
  public
    constructor Create(kind: TKind);
    function QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
    function CreateInstance(outer: Pointer; iid: PIID; obj: PPointer): HResult; cdecl;
    function LockServer(locks: LongInt): HResult; cdecl;
  end;

{ What the binary interface may leave out and the language's own method does not bear. }
function Answer(obj: TObject; constref iid: TGuid; place: PPointer): HResult;
begin
  if place = nil then
    exit(E_POINTER);
  place^ := nil;
  if obj.GetInterface(iid, place^) then
    exit(S_OK);
  Result := E_NOINTERFACE;
end;

procedure Give(const item: IUnknown; place: PPointer);
begin
  item._AddRef;
  place^ := Pointer(item);
end;

{ ---- the enumerators ---- }

constructor TEnumeration.Create(kind: TKind; const items: TConnections; isOfPoints: Boolean;
  at: LongWord);
begin
  inherited Create;
  FKind := kind;
  FItems := items;
  FIsOfPoints := isOfPoints;
  FAt := at;
end;

function TEnumeration.QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
var
  mine: TGuid;
begin
  if @obj = nil then
    exit(E_POINTER);
  PPointer(@obj)^ := nil;
  if FIsOfPoints then
    mine := IID_EnumConnectionPoints
  else
    mine := IID_EnumConnections;
  if not IsEqualGUID(iid, IID_Unknown) and not IsEqualGUID(iid, mine) then
    exit(E_NOINTERFACE);
  Give(Self as IEnumeration, PPointer(@obj));
  Result := S_OK;
end;

procedure TEnumeration.Store(to_: Pointer; n: LongWord; const item: TConnection);
type
  PUnknown = ^IUnknown;
begin
  if FIsOfPoints then
    Inc(to_, n * SizeOf(Pointer))
  else
    Inc(to_, n * SizeOf(TConnection));
  if FKind = kAssigns then
    PUnknown(to_)^ := item.Sink
  else
    Give(item.Sink, to_);
  if not FIsOfPoints then
    PConnection(to_)^.Cookie := item.Cookie;
end;

function TEnumeration.Next(n: LongWord; items: Pointer; fetched: PLongWord): HResult; cdecl;
var
  done: LongWord = 0;
begin
  if fetched <> nil then
    fetched^ := 0;
  if ((items = nil) and (n > 0)) or ((fetched = nil) and (n > 1)) then
    exit(E_POINTER);
  while (done < n) and (FAt < LongWord(Length(FItems))) do
  begin
    Store(items, done, FItems[FAt]);
    Inc(FAt);
    Inc(done);
  end;
  if fetched <> nil then
    fetched^ := done;
  if done = n then
    Result := S_OK
  else
    Result := S_FALSE;
end;

function TEnumeration.Skip(n: LongWord): HResult; cdecl;
begin
  if n > LongWord(Length(FItems)) - FAt then
  begin
    FAt := Length(FItems);
    exit(S_FALSE);
  end;
  Inc(FAt, n);
  Result := S_OK;
end;

function TEnumeration.Reset: HResult; cdecl;
begin
  FAt := 0;
  Result := S_OK;
end;

function TEnumeration.Clone(result_: PPointer): HResult; cdecl;
begin
  if result_ = nil then
    exit(E_POINTER);
  Give(TEnumeration.Create(FKind, FItems, FIsOfPoints, FAt) as IEnumeration, result_);
  Result := S_OK;
end;

{ ---- the points ---- }

constructor TPoint.Create(owner: TSource; const iid: TGuid);
begin
  inherited Create(owner);
  FOwner := owner;
  FIID := iid;
  if owner.FKind = kRaises then
    FByIndex := TFPList.Create;
end;

destructor TPoint.Destroy;
begin
  FByIndex.Free;
  inherited Destroy;
end;

function TPoint.QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
begin
  if @obj = nil then
    exit(E_POINTER);
  PPointer(@obj)^ := nil;
  if not IsEqualGUID(iid, IID_Unknown) and not IsEqualGUID(iid, IPoint) then
    exit(E_NOINTERFACE);
  Give(Self as IPoint, PPointer(@obj));
  Result := S_OK;
end;

function TPoint.Snapshot: TConnections;
begin
  EnterCriticalSection(FOwner.FLock);
  Result := FConnections;
  LeaveCriticalSection(FOwner.FLock);
end;

function TPoint.IsConnected(cookie: LongWord): Boolean;
var
  connections: TConnections;
  i: Integer;
begin
  connections := Snapshot;
  for i := 0 to High(connections) do
    if connections[i].Cookie = cookie then
      exit(True);
  Result := False;
end;

{ A BSTR: its length in bytes stands before it. }
const
  Symbol: packed record
    unused, bytes: LongWord;
    text: array[0..3] of Word;
  end = (unused: 0; bytes: 6; text: (Ord('A'), Ord('C'), Ord('M'), 0));

procedure TPoint.Fire;
var
  connections: TConnections;
  values: array[0..1] of TVariant;
  params: TDispParams;
  none: TGuid;
  i: Integer;
begin
  FillChar(values, SizeOf(values), 0);
  FillChar(params, SizeOf(params), 0);
  FillChar(none, SizeOf(none), 0);
  values[0].vt := VT_BSTR; { the last argument comes first }
  values[0].text := @Symbol.text;
  values[1].vt := VT_R8;
  values[1].dblVal := 12.5;
  params.rgvarg := @values;
  params.cArgs := 2;
  connections := Snapshot;
  for i := 0 to High(connections) do
    if IsConnected(connections[i].Cookie) then
      ICallable(Pointer(connections[i].Sink)).Invoke(1, @none, $400, 1, @params, nil, nil, nil);
end;

function TPoint.GetConnectionInterface(iid: PIID): HResult; cdecl;
begin
  if iid = nil then
    exit(E_POINTER);
  iid^ := FIID;
  Result := S_OK;
end;

function TPoint.GetConnectionPointContainer(container: PPointer): HResult; cdecl;
begin
  Result := Answer(FOwner, IContainer, container);
end;

function TPoint.Advise(sink: Pointer; cookie: PLongWord): HResult; cdecl;
var
  asked: Pointer = nil;
  changed: TConnections;
  n: Integer;
begin
  if cookie = nil then
    exit(E_POINTER);
  cookie^ := 0;
  if sink = nil then
    exit(E_POINTER);
  if (IUnknown(sink).QueryInterface(FIID, asked) < 0) or (asked = nil) then
    exit(CONNECT_E_CANNOTCONNECT);
  EnterCriticalSection(FOwner.FLock);
  n := Length(FConnections);
  changed := Copy(FConnections, 0, n);
  SetLength(changed, n + 1);
  Inc(FLastCookie);
  Pointer(changed[n].Sink) := asked; { with the reference that it came with }
  changed[n].Cookie := FLastCookie;
  FConnections := changed;
  if FByIndex <> nil then
    FByIndex.Add(asked);
  cookie^ := FLastCookie;
  LeaveCriticalSection(FOwner.FLock);
  Result := S_OK;
end;

function TPoint.Unadvise(cookie: LongWord): HResult; cdecl;
var
  old, changed: TConnections;
  i, n: Integer;
begin
  if (FByIndex <> nil) and (FByIndex[Integer(cookie) - 1] = nil) then
    exit(CONNECT_E_NOCONNECTION);
  Result := CONNECT_E_NOCONNECTION;
  EnterCriticalSection(FOwner.FLock);
  old := FConnections; { its last sink is released after the lock }
  n := 0;
  SetLength(changed, Length(old));
  for i := 0 to High(old) do
    if old[i].Cookie <> cookie then
    begin
      changed[n] := old[i];
      Inc(n);
    end;
  if n < Length(old) then
  begin
    SetLength(changed, n);
    FConnections := changed;
    if FByIndex <> nil then
      FByIndex[cookie - 1] := nil;
    Result := S_OK;
  end;
  LeaveCriticalSection(FOwner.FLock);
end;

function TPoint.EnumConnections(result_: PPointer): HResult; cdecl;
begin
  if result_ = nil then
    exit(E_POINTER);
  Give(TEnumeration.Create(FOwner.FKind, Snapshot, False, 0) as IEnumeration, result_);
  Result := S_OK;
end;

{ ---- the object ---- }

constructor TSource.Create(kind: TKind);
begin
  inherited Create;
  FKind := kind;
  InitCriticalSection(FLock);
  FPoints[0] := TPoint.Create(Self, IID_Events);
  FPoints[1] := TPoint.Create(Self, IID_PropertyNotifySink);
end;

destructor TSource.Destroy;
begin
  FPoints[0].Free;
  FPoints[1].Free;
  DoneCriticalSection(FLock);
  inherited Destroy;
end;

function TSource.QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
begin
  Result := Answer(Self, iid, @obj);
end;

function TSource.GetTypeInfoCount(count: PLongWord): HResult; cdecl;
begin
  count^ := 0;
  Result := S_OK;
end;

function TSource.GetTypeInfo(index, lcid: LongWord; info: PPointer): HResult; cdecl;
begin
  info^ := nil;
  Result := E_NOTIMPL;
end;

{ Any name is the method that fires. }
function TSource.GetIDsOfNames(iid: PIID; names: Pointer; n, lcid: LongWord;
  ids: PLongInt): HResult; cdecl;
var
  i: Integer;
begin
  for i := 0 to Integer(n) - 1 do
    ids[i] := 2;
  Result := S_OK;
end;

function TSource.Invoke(id: LongInt; iid: PIID; lcid: LongWord; flags: Word; params, res,
  exception, wrong: Pointer): HResult; cdecl;
var
  held: IUnknown; { a sink may give back the last one of the caller's }
begin
  held := Self as IUnknown;
  FPoints[0].Fire;
  Result := S_OK;
end;

function TSource.EnumConnectionPoints(result_: PPointer): HResult; cdecl;
var
  items: TConnections = nil;
  i: Integer;
begin
  if result_ = nil then
    exit(E_POINTER);
  SetLength(items, 2);
  for i := 0 to 1 do
    items[i].Sink := FPoints[i] as IPoint;
  Give(TEnumeration.Create(FKind, items, True, 0) as IEnumeration, result_);
  Result := S_OK;
end;

function TSource.FindConnectionPoint(iid: PIID; point: PPointer): HResult; cdecl;
var
  i: Integer;
begin
  if point = nil then
    exit(E_POINTER);
  point^ := nil;
  if iid = nil then
    exit(E_POINTER);
  for i := 0 to 1 do
    if IsEqualGUID(iid^, FPoints[i].FIID) then
    begin
      Give(FPoints[i] as IPoint, point);
      exit(S_OK);
    end;
  Result := CONNECT_E_NOCONNECTION;
end;

{ ---- its class ---- }

constructor TFactory.Create(kind: TKind);
begin
  inherited Create;
  FKind := kind;
end;

function TFactory.QueryInterface(constref iid: TGuid; out obj): HResult; cdecl;
begin
  Result := Answer(Self, iid, @obj);
end;

function TFactory.CreateInstance(outer: Pointer; iid: PIID; obj: PPointer): HResult; cdecl;
var
  made: IUnknown;
begin
  obj^ := nil;
  if outer <> nil then
    exit(CLASS_E_NOAGGREGATION);
  made := TSource.Create(FKind) as IUnknown;
  Result := made.QueryInterface(iid^, obj^);
end;

function TFactory.LockServer(locks: LongInt): HResult; cdecl;
begin
  Result := S_OK;
end;

function DllGetClassObject(clsid, iid: PIID; obj: PPointer): HResult; cdecl;
var
  factory: IFactory;
begin
  factory := TFactory.Create(TKind(clsid^.D1 and $ff)) as IFactory;
  Result := factory.QueryInterface(iid^, obj^);
end;

exports
  DllGetClassObject;

begin
  { Threads that Pascal did not make: else it counts references without a lock. }
  IsMultiThread := True;
end.
