/* SPDX-License-Identifier: MIT */
/* ticker.js [events] - a ticker as JScript sees it; script_test.c knows what this prints */
var ticker = new ActiveXObject("ConnptTicker.Ticker.1");

function ticker_OnTick(price, symbol)
{
    WScript.Echo("event " + symbol + " " + price);
}

function failure(call)
{
    try {
        call();
        return "none";
    } catch (error) {
        return (error.number & 0xffff).toString();
    }
}

function call_methods()
{
    WScript.Echo("name " + ticker.symbol);
    ticker.symbol = "ACME";
    WScript.Echo("name " + ticker.symbol);
    ticker.Tick(12.5);
    ticker.Tick("13.25");
    WScript.Echo("no price " + failure(function () { ticker.Tick("no price"); }));
    WScript.Echo("no method " + failure(function () { ticker.Tock(); }));
}

function hear_events()
{
    WScript.ConnectObject(ticker, "ticker_");
    ticker.symbol = "ACME";
    ticker.Tick(14.5);
    WScript.DisconnectObject(ticker);
    ticker.Tick(15.5);
}

if (WScript.Arguments.length > 0)
    hear_events();
else
    call_methods();
WScript.Echo("closed " + ticker.Close());
