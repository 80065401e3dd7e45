#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same_conversions_test.py - VARIANTs and SAFEARRAYs here, and in oleaut32

    same_conversions_test.py [--wine-run=RUN --cpu=CPU] PROGRAM

PROGRAM is automation_conversions. Its results here are checked by exact arithmetic; with
--wine-run it is the Windows program, and both sides are compared: where they differ the exact
result decides, or the difference is one of form that is named.
"""
import os
import re
import struct
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../harness"))
import sides

SEEDS = ["1", "20261123"]

EMPTY, NULL, I2, I4, R4, R8, CY, DATE, BSTR = range(9)
ERROR, BOOL, DECIMAL = 10, 11, 14
I1, UI1, UI2, UI4, I8, UI8, INT, UINT = range(16, 24)

# Type: bytes, and whether it has a sign.
INTEGERS = {I1: (1, True), UI1: (1, False), I2: (2, True), UI2: (2, False), I4: (4, True),
            UI4: (4, False), INT: (4, True), UINT: (4, False), I8: (8, True), UI8: (8, False)}

OVERFLOW, MISMATCH = "0x8002000A", "0x80020005"
NUMBER = re.compile(r" *([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) *")
LINE = re.compile(r'(\d+):("[^"]*"|\S*) (\d+) (\d+) (.*)')


def integer(text, size, signed):
    value = int(text, 0) & (1 << 8 * size) - 1
    return value - (1 << 8 * size) if signed and value >> 8 * size - 1 else value


def real(text, size):
    return struct.unpack("<d" if size == 8 else "<f", int(text, 16).to_bytes(size, "little"))[0]


def number(vt, text):
    """The exact value; None: it is no number."""
    if vt == EMPTY:
        return Fraction(0)
    if vt in INTEGERS:
        return Fraction(integer(text, *INTEGERS[vt]))
    if vt in (R8, DATE, R4):
        return Fraction(real(text, 4 if vt == R4 else 8))
    if vt == BOOL:
        return Fraction(int(text))
    if vt == CY:
        return Fraction(int(text), 10000)
    if vt == DECIMAL:
        digits, scale = text[1:].split("/")
        return Fraction(int(digits, 16), 10 ** int(scale)) * (-1 if text[0] == "-" else 1)
    match = NUMBER.fullmatch(text[1:-1]) if vt == BSTR else None
    return Fraction(match.group(1)) if match else None


def bits(value):
    return "0x%016X" % int.from_bytes(struct.pack("<d", value), "little")


def to_integer(vt, from_vt, value):
    size, signed = INTEGERS[vt]
    if from_vt == BOOL or INTEGERS.get(from_vt, (0,))[0] == size:
        whole = integer(str(int(value)), size, signed)
    else:
        whole = round(value)  # halves to the even neighbour
        if integer(str(whole), size, signed) != whole:
            return OVERFLOW
    return f"0x{whole:08X}" if vt in (UI4, UINT) else str(whole)


def to_real(value):
    try:
        return value.numerator / value.denominator  # the nearest double
    except OverflowError:
        return None


FLT_MAX = Fraction((1 << 24) - 1) * (1 << 104)


def to_single(value):
    """The nearest float: through the double that is nearest, without rounding twice."""
    double = to_real(value)
    if double is None or abs(double) > FLT_MAX:
        return OVERFLOW
    pattern = int.from_bytes(struct.pack("<f", double), "little")
    near = [p for p in (pattern - 1, pattern, pattern + 1) if 0 <= p < 1 << 32 and p & 0x7F800000
            != 0x7F800000]
    pattern = min(near, key=lambda p: (abs(Fraction(real(hex(p), 4)) - value), p & 1))
    return f"0x{pattern:08X}"


def to_currency(value):
    whole = round(value * 10000)
    return str(whole) if -(1 << 63) <= whole < 1 << 63 else OVERFLOW


def plain(value, places):
    text = f"{abs(value.numerator) * 10 ** places // value.denominator:0{places + 1}d}"
    if places:
        text = (text[:-places] + "." + text[-places:]).rstrip("0").rstrip(".")
    return ("-" if value < 0 else "") + text


def to_text(from_vt, value, flags):
    if from_vt == BOOL and flags:
        return "True" if value else "False"
    if from_vt in (R4, R8):
        return f"{to_real(value) + 0.0:.{7 if from_vt == R4 else 15}G}"
    if from_vt == EMPTY:
        return ""
    return plain(value, {CY: 4, DECIMAL: 28}.get(from_vt, 0))


def to_decimal(from_vt, value):
    """The nearest one. Reals give as many digits as they are sure of."""
    if from_vt == BOOL:
        value = abs(value)
    if from_vt in (R4, R8, DATE):
        value = Fraction(f"{to_real(value):.{6 if from_vt == R4 else 14}e}")
    for scale in range(28, -1, -1):
        whole = round(abs(value) * 10 ** scale)
        if whole < 1 << 96:
            return Fraction(whole, 10 ** scale) * (-1 if value < 0 else 1)
    return OVERFLOW


def exact(from_vt, text, flags, vt):
    """What the documentation and arithmetic demand; None: they say nothing."""
    value = number(from_vt, text)
    if from_vt in (BSTR, DECIMAL) and value == 0 and vt in (R4, R8, DATE):
        return None  # -0 is a zero with a sign
    if value is None or vt in (EMPTY, NULL, ERROR) or (vt == BSTR and from_vt in (DATE, BSTR)):
        return None
    if vt in INTEGERS:
        return to_integer(vt, from_vt, value)
    if vt == BOOL:
        return "-1" if value else "0"
    if vt == CY:
        return to_currency(value)
    if vt == R4:
        return to_single(value)
    if vt == BSTR:
        return f'"{to_text(from_vt, value, flags)}"'
    if vt == DECIMAL:
        return to_decimal(from_vt, value)
    if vt == R8 or (vt == DATE and from_vt != BSTR):
        result = to_real(value)
        if result is None or (vt == DATE and not -657435 < result < 2958466):
            return OVERFLOW
        return bits(result)
    return None


def agrees(line, expected):
    from_vt, text, _, vt, result = LINE.fullmatch(line).groups()
    if result[:2] != "0x":
        result = result.partition(":")[2]
    if vt == str(DECIMAL) and isinstance(expected, Fraction):
        return result[:2] != "0x" and number(DECIMAL, result) == expected
    return result == expected or (from_vt == vt and result == text)


def expected_of(line):
    match = LINE.fullmatch(line)
    if not match:
        return None
    from_vt, text, flags, vt, _ = match.groups()
    return exact(int(from_vt), text, int(flags), int(vt))


def check_exactly(tap, name, lines):
    faults, n = [], 0
    for line in lines:
        expected = expected_of(line)
        n += expected is not None
        if expected is not None and not agrees(line, expected):
            faults.append(f"{line}: expected {expected}")
    tap.point(n > 1000 and not faults, name, "\n".join(faults[:20] + [f"{n} conversions"]))


# ---- what the sides may do differently ---------------------------------------------------------

def parts(line):
    from_vt, _, _, vt, result = LINE.fullmatch(line).groups()
    return int(from_vt), int(vt), result


def inexact(name, reason, pairs, ours=None):
    """Exact arithmetic says that this library is right and Wine is not."""
    def holds(_, linux, windows):
        from_vt, vt, result = parts(linux)
        expected = expected_of(linux)
        return ((from_vt, vt) in pairs and ours in (None, result) and expected is not None and
                agrees(linux, expected) and not agrees(windows, expected))
    return sides.Allowed(name, reason, holds)


def months_first(_, linux, windows):
    reordered = re.sub(r'7:"(\d+)-(\d+)-(\d+)', r'"\2/\3/\1', linux)
    reordered = re.sub(r'8:"0*(\d+)-(\d+)-(\d+)', r'8:"\2/\3/\1', reordered)
    return parts(linux)[:2] == (DATE, BSTR) and windows == reordered


def zeros_kept(_, linux, windows):
    ours, theirs = parts(linux), parts(windows)
    return ours[:2] == (BSTR, DECIMAL) and ours[2][:2] == theirs[2][:2] == "14" and (
        number(DECIMAL, ours[2][3:]) == number(DECIMAL, theirs[2][3:]))


def more_forms(_, linux, windows):
    return parts(linux) == (BSTR, DATE, MISMATCH) and parts(windows)[2][:2] == "7:"


def hexadecimal(_, linux, windows):
    return linux.startswith('8:"&H') and parts(linux)[2] == MISMATCH


def too_large_for_bool(_, linux, windows):
    return parts(linux) == (BSTR, BOOL, "11:-1") and parts(windows)[2] == OVERFLOW


def sign_of_zero(_, linux, windows):
    ours, theirs = parts(linux), parts(windows)
    return ours[:2] in [(DECIMAL, vt) for vt in (R4, R8, DATE)] and (
        set(ours[2][2:]) <= set("x80") and set(theirs[2][2:]) <= set("x0"))


ALLOWED = [
    sides.Allowed("zeros at the end of a DECIMAL", "1.50 and 1.5 are the same number", zeros_kept),
    sides.Allowed("dates as text", "its invariant locale has months first, ours is ISO 8601",
                  months_first),
    sides.Allowed("text as dates", "the system reads dates in many forms", more_forms),
    sides.Allowed("hexadecimal text", "the system reads &H1F, as Visual Basic does", hexadecimal),
    sides.Allowed("1e400 as BOOL", "no double, but not 0 either", too_large_for_bool),
    sides.Allowed("a DECIMAL of -0", "with its sign it is as good a zero", sign_of_zero),
    inexact("64 bits in 16", "VarUI2FromI8 and its sister look at the low bits only",
            [(I8, UI2), (UI8, UI2)]),
    inexact("negative currency in 64 bits", "rounded down; Wine says that it copies Windows",
            [(CY, I8)]),
    inexact("large doubles in 64 bits", "Wine refuses what is beyond 2^62",
            [(R4, I8), (R8, I8), (R4, UI8), (R8, UI8)]),
    inexact("dates out of range", "Wine checks those from integers and doubles only",
            [(R4, DATE), (CY, DATE), (DECIMAL, DATE)], ours=OVERFLOW),
    inexact("doubles as DECIMAL", "Wine gives all digits, not 15 or 7, as Decimal(Double) does",
            [(R4, DECIMAL), (R8, DECIMAL), (DATE, DECIMAL)]),
    inexact("tiny numbers in text", "Wine reads 1 where the exponent leaves no digit",
            [(BSTR, vt) for vt in INTEGERS]),
    inexact("by way of a double", "Wine computes DECIMAL, CY and text with doubles, step by step",
            [(vt, to) for vt in (DECIMAL, CY, BSTR) for to in (R4, R8, DATE, CY, DECIMAL)] +
            [(DECIMAL, vt) for vt in INTEGERS]),
    inexact("a half as text", "768662.25 with seven digits: Wine rounds halves up",
            [(R4, BSTR), (R8, BSTR)]),
]


def narrow(line):
    """What Linux says of an array, with pointers and VARIANTs of a 32-bit program."""
    if re.match(r"array \d+ of (8|9|13):", line):
        return line.replace(" size 8 ", " size 4 ")
    if re.match(r"array \d+ of 12:", line):
        return line.replace(" size 24 ", " size 16 ")
    return line


def main():
    cpu = next((arg[6:] for arg in sys.argv[1:] if arg.startswith("--cpu=")), None)
    wine_run = [os.path.abspath(arg.partition("=")[2]) for arg in sys.argv[1:]
                if arg.startswith("--wine-run=")]
    program = os.path.abspath(sys.argv[-1])
    here = sides.linux_program("tests/automation/automation_conversions") if wine_run else program
    tap = sides.Tap()
    for seed in SEEDS:
        linux = sides.run([here, seed])
        check_exactly(tap, f"seed {seed}: as exact arithmetic has it", linux)
        if cpu == "x86":
            linux = [narrow(line) for line in linux]
        if wine_run:
            faults = sides.compare(linux, sides.run([*wine_run, program, seed]), ALLOWED)
            tap.point(not faults, f"seed {seed}: both sides agree",
                      "\n".join(filter(None, [faults, f"{len(linux)} results"])))
    if wine_run:
        tap.point(True, "what differs is known", sides.tell(ALLOWED))
    tap.end()


main()
