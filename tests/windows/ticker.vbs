' SPDX-License-Identifier: MIT
' ticker.vbs [events] - a ticker as VBScript sees it; script_test.c knows what this prints
Set ticker = CreateObject("ConnptTicker.Ticker")
If WScript.Arguments.Count > 0 Then
    HearEvents
Else
    CallMethods
End If
WScript.Echo "closed " & ticker.Close

Sub CallMethods
    WScript.Echo "name " & ticker.symbol
    ticker.symbol = "ACME"
    WScript.Echo "name " & ticker.Symbol

    ' Numbers may come as text.
    ticker.Tick 12.5
    ticker.Tick "13.25"

    On Error Resume Next
    ticker.Tick "no price"
    WScript.Echo "no price " & Err.Number
    Err.Clear
    ticker.Tock
    WScript.Echo "no method " & Err.Number
    Err.Clear
    Set missing = CreateObject("ConnptTicker.Tucker")
    WScript.Echo "no class " & Err.Number
    Err.Clear
End Sub

Sub HearEvents
    WScript.ConnectObject ticker, "ticker_"
    ticker.symbol = "ACME"
    ticker.Tick 14.5
    WScript.DisconnectObject ticker
    ticker.Tick 15.5
End Sub

Sub ticker_OnTick(price, symbol)
    WScript.Echo "event " & symbol & " " & price
End Sub
