# SPDX-License-Identifier: MIT
"""mutants - the small changes that tools/mutate makes to a C file, one at a time

Places come from clang's syntax tree (-ast-dump=json), so that a change is one of an expression or
a statement and never of a comment, a type or a macro's body. What a macro's argument holds is found
too, because its tokens stand in the file. Not changed: `assert` and connpt__assert_unlocked, which
check and do nothing; whatever stands outside of functions, but for the values of enumerators.
"""
import bisect
import hashlib
import json
import re
import subprocess
from dataclasses import dataclass

COMPARE = {"==": ["!="], "!=": ["=="], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="],
           ">=": [">", "<"]}
ARITHMETIC = {"+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["*"], "&": ["|"], "|": ["&"],
              "^": ["&"], "<<": [">>"], ">>": ["<<"], "+=": ["-="], "-=": ["+="], "|=": ["&="],
              "&=": ["|="], "^=": ["|="], "++": ["--"], "--": ["++"]}
LOGIC = {"&&": ["||"], "||": ["&&"]}
HRESULTS = re.compile(
    r"\b(?:S_OK|S_FALSE|E_[A-Z]+|CONNECT_E_[A-Z]+|CONNPT_E_\w+|CLASS_E_[A-Z]+|TYPE_E_[A-Z]+"
    r"|RPC_E_[A-Z]+|CO_E_[A-Z]+)\b")
ATOMIC = re.compile(
    r"\b(load|store|add|sub|exchange|or|and|cas|cas_weak)_(seq|acq_rel|acquire|release)(?=\()")
BUILTIN_ORDER = re.compile(r"__ATOMIC_(SEQ_CST|ACQ_REL|ACQUIRE|RELEASE)\b")
WEAKER = {
    "load": {"seq": ["acquire", "relaxed"], "acquire": ["relaxed"]},
    "store": {"seq": ["release", "relaxed"], "release": ["relaxed"]},
    "rmw": {"seq": ["acq_rel", "relaxed"], "acq_rel": ["acquire", "release"],
            "acquire": ["relaxed"], "release": ["relaxed"]},
}
BUILTIN = {"seq": "SEQ_CST", "acq_rel": "ACQ_REL", "acquire": "ACQUIRE", "release": "RELEASE",
           "relaxed": "RELAXED"}
CHECKS = ("assert", "connpt__assert_unlocked")
OPENING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Mutant:
    file: str         # from the top of the tree
    function: str     # that it is in; "" for an enumerator
    operator: str     # the kind of change
    offset: int       # in bytes; the tree is ASCII
    text: str         # what stands there
    replacement: str
    key: str          # the same as long as the function that it is in stays the same

    def apply(self, source):
        assert source[self.offset:].startswith(self.text)
        return source[:self.offset] + self.replacement + source[self.offset + len(self.text):]


def blank(source):
    """The source with comments and literals as spaces, so that offsets stay."""
    pattern = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source)


def closing(source, start):
    """Behind the bracket that closes the one at @start."""
    depth = 0
    for i in range(start, len(source)):
        if source[i] in "([{":
            depth += 1
        elif source[i] in ")]}":
            depth -= 1
            if depth == 0:
                return i + 1
    raise ValueError("a bracket is never closed")


class Places:
    """Where in the file a node of the tree stands."""

    def __init__(self, path, source):
        self.path = path
        self.code = blank(source)

    def _offset(self, location, is_end):
        macro = location.get("expansionLoc")
        if macro is None:
            spelled = location
        elif macro.get("isMacroArgExpansion"):
            spelled = location["spellingLoc"]
        else:  # the text of a macro: the whole use of it
            if macro.get("file") != self.path:
                return None
            if not is_end:
                return macro["offset"]
            end = macro["offset"] + macro["tokLen"]
            behind = re.compile(r"\s*").match(self.code, end).end()
            return closing(self.code, behind) if self.code[behind:behind + 1] == "(" else end
        if spelled.get("file") != self.path:
            return None
        return spelled["offset"] + (spelled["tokLen"] if is_end else 0)

    def extent(self, node):
        """(start, end) in bytes, or None when it is not in the file as one piece."""
        span = node.get("range", {})
        if "offset" not in str(span.get("begin", "")) or not span.get("end"):
            return None
        start, end = self._offset(span["begin"], False), self._offset(span["end"], True)
        if start is None or end is None or end <= start:
            return None
        text = self.code[start:end]
        if any(text.count(a) != text.count(b) for a, b in OPENING.items()):
            return None
        return start, end


def note_files(tree):
    """Writes into every location its file: clang only says when it changes, in order."""
    current = [None]

    def visit(value):
        if isinstance(value, list):
            for item in value:
                visit(item)
        elif isinstance(value, dict):
            if "offset" in value and "tokLen" in value:
                current[0] = value.get("file", current[0])
                value["file"] = current[0]
            else:
                for item in value.values():
                    visit(item)

    visit(tree)


def strip(node):
    while node.get("kind") in ("ImplicitCastExpr", "ParenExpr", "ConstantExpr"):
        node = node["inner"][0]
    return node


def is_binary(node, operators):
    return node.get("kind") == "BinaryOperator" and node.get("opcode") in operators


class Finder:
    def __init__(self, path, source):
        self.path = path
        self.source = source
        self.places = Places(path, source)
        self.function = ""
        self.returns = ""
        self.start = 0  # of the function
        self.digest = ""
        self.found = {}

    def add(self, operator, start, end, replacement):
        text = self.source[start:end]
        if not self.function:
            self.begin(self.source.rindex("\n", 0, start) + 1, self.source.index("\n", end))
        key = (f"{self.path} {self.function} {self.digest} {start - self.start} {len(text)} "
               f"{replacement}")
        mutant = Mutant(self.path, self.function, operator, start, text, replacement, key)
        if text != replacement:
            self.found.setdefault((start, end, replacement), mutant)

    def begin(self, start, end):
        self.start = start
        self.digest = hashlib.sha256(self.source[start:end].encode()).hexdigest()[:16]

    # ---- expressions ---------------------------------------------------------------------

    def binary(self, node):
        table = {**COMPARE, **ARITHMETIC, **LOGIC}
        operator = node["opcode"]
        left, right = (self.places.extent(side) for side in node["inner"])
        if operator not in table or left is None or right is None or left[1] > right[0]:
            return
        between = self.places.code[left[1]:right[0]]
        if between.strip() != operator:  # the operator is a macro's
            return
        start = left[1] + between.index(operator)
        name = ("compare" if operator in COMPARE else
                "logic" if operator in LOGIC else "arithmetic")
        for other in table[operator]:
            self.add(name, start, start + len(operator), other)

    def unary(self, node):
        extent = self.places.extent(node)
        operand = self.places.extent(node["inner"][0])
        operator = node["opcode"]
        if extent is None or operand is None:
            return
        if operator in ("++", "--"):
            start = operand[1] if node.get("isPostfix") else extent[0]
            if self.places.code[start:start + 2] == operator:
                self.add("arithmetic", start, start + 2, ARITHMETIC[operator][0])
        elif operator in ("~", "-") and self.source[extent[0]] == operator:
            self.add("arithmetic", extent[0], extent[0] + 1, "")

    def negate(self, node):
        """A condition, or one side of && and ||. Comparisons have their own changes."""
        core = strip(node)
        extent = self.places.extent(node)
        if extent is None or is_binary(core, COMPARE) or is_binary(core, LOGIC):
            return
        start, end = extent
        if core.get("kind") == "UnaryOperator" and core["opcode"] == "!":
            inner = self.places.extent(core)
            if inner is not None and self.source[inner[0]] == "!":
                self.add("condition", inner[0], inner[0] + 1, "")
                return
        self.add("condition", start, end, f"!({self.source[start:end]})")

    def constant(self, node):
        extent = self.places.extent(node)
        if extent is None or not re.fullmatch(r"(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*",
                                              self.source[extent[0]:extent[1]]):
            return
        literal = self.source[extent[0]:extent[1]]
        if int(node["value"]) == 0:
            self.add("constant", *extent, literal.replace("0", "1", 1))
        elif int(node["value"]) == 1 and len(literal.rstrip("uUlL")) == 1:
            self.add("constant", *extent, literal.replace("1", "0", 1))
            self.add("constant", *extent, literal.replace("1", "2", 1))
        else:
            self.add("constant", *extent, f"({literal} + 1)")
            self.add("constant", *extent, f"({literal} - 1)")

    # ---- statements ----------------------------------------------------------------------

    def drop(self, node):
        kind = node.get("kind", "")
        is_effect = (kind in ("CallExpr", "CStyleCastExpr", "CompoundAssignOperator", "StmtExpr",
                              "AtomicExpr", "ParenExpr")
                     or is_binary(node, ("=", ","))
                     or kind == "UnaryOperator" and node["opcode"] in ("++", "--"))
        extent = self.places.extent(node)
        if not is_effect or extent is None:
            return
        text = self.source[extent[0]:extent[1]]
        if re.match(r"[\w]+", text) and re.match(r"[\w]+", text).group() in CHECKS:
            return
        if self.places.code[extent[1]:].lstrip().startswith(";") and text != "(void)0":
            self.add("drop", *extent, "(void)0")

    def jump(self, node, loops):
        extent = self.places.extent(node)
        if extent is None:
            return
        kind = node["kind"]
        if kind == "GotoStmt":  # the label's name is not in the range
            end = self.places.code.index(";", extent[0])
            self.add("jump", extent[0], end, "(void)0")
        elif kind == "ContinueStmt":
            self.add("jump", *extent, "break")
        elif loops and loops[-1] == "loop":
            self.add("jump", *extent, "continue")
            self.add("jump", *extent, "(void)0")
        else:
            self.add("jump", *extent, "(void)0")

    def result(self, node):
        extent = self.places.extent(node)
        if extent is None:
            return
        if not node.get("inner"):
            self.add("jump", *extent, "(void)0")
            return
        value = node["inner"][0]
        core, span = strip(value), self.places.extent(value)
        if span is None:
            return
        text = self.source[span[0]:span[1]]
        if self.returns.endswith("*"):
            if text != "NULL":
                self.add("result", *span, "NULL")
        elif self.returns == "HRESULT":
            if not HRESULTS.search(text):
                self.add("result", *span, "S_OK")
                self.add("result", *span, "E_UNEXPECTED")
        elif core.get("kind") in ("DeclRefExpr", "CallExpr", "MemberExpr"):
            self.add("result", *span, f"!({text})")

    # ---- tokens of a function's body -----------------------------------------------------

    def hresults(self, start, end):
        for match in HRESULTS.finditer(self.places.code, start, end):
            name = match.group()
            others = {"S_OK": ["S_FALSE", "E_UNEXPECTED"], "S_FALSE": ["S_OK"],
                      "E_UNEXPECTED": ["S_OK", "E_FAIL"]}.get(name, ["S_OK", "E_UNEXPECTED"])
            for other in others:
                self.add("hresult", match.start(), match.end(), other)

    def orders(self, start, end):
        for match in ATOMIC.finditer(self.places.code, start, end):
            what, order = match.groups()
            for weaker in WEAKER.get(what, WEAKER["rmw"]).get(order, []):
                self.add("order", match.start(), match.end(), f"mutant_{what}_{weaker}")
        for match in BUILTIN_ORDER.finditer(self.places.code, start, end):
            order = {name: short for short, name in BUILTIN.items()}[match.group(1)]
            call = re.findall(r"__atomic_(load|store|\w)\w*\(", self.places.code[:match.start()])
            kind = call[-1] if call and call[-1] in WEAKER else "rmw"
            for weaker in WEAKER[kind].get(order, []):
                self.add("order", match.start(), match.end(), "__ATOMIC_" + BUILTIN[weaker])

    # ---- the walk ------------------------------------------------------------------------

    def visit(self, node, loops):
        kind = node.get("kind")
        inner = node.get("inner", [])
        if kind == "StaticAssertDecl":
            return
        if kind == "FunctionDecl":
            self.visit_function(node)
            return
        if kind in ("BinaryOperator", "CompoundAssignOperator"):
            self.binary(node)
            if node["opcode"] in LOGIC:
                for side in inner:
                    self.negate(side)
        elif kind == "UnaryOperator":
            self.unary(node)
        elif kind == "IntegerLiteral":
            self.constant(node)
        elif kind == "CompoundStmt":
            for child in inner:
                self.drop(child)
        elif kind in ("IfStmt", "WhileStmt", "DoStmt", "ForStmt", "SwitchStmt"):
            self.visit_branches(node, kind, inner)
        elif kind == "ConditionalOperator":
            self.negate(inner[0])
        elif kind in ("BreakStmt", "ContinueStmt", "GotoStmt"):
            self.jump(node, loops)
        elif kind == "ReturnStmt":
            self.result(node)
        if kind in ("WhileStmt", "DoStmt", "ForStmt"):
            loops = loops + ["loop"]
        elif kind == "SwitchStmt":
            loops = loops + ["switch"]
        for child in inner:
            if not self.is_check(child):
                self.visit(child, loops)

    def visit_branches(self, node, kind, inner):
        condition = {"DoStmt": 1, "ForStmt": 2}.get(kind, 0)
        if kind != "SwitchStmt" and inner[condition]:
            self.negate(inner[condition])
        bodies = {"DoStmt": inner[:1], "ForStmt": inner[4:]}.get(kind, inner[1:])
        for body in bodies:
            self.drop(body)

    def visit_function(self, node):
        body = [child for child in node.get("inner", []) if child.get("kind") == "CompoundStmt"]
        extent = self.places.extent(body[0]) if body else None
        if extent is None or node.get("isImplicit"):
            return
        self.function = node["name"]
        self.begin(*extent)
        self.returns = node["type"]["qualType"].split("(")[0].strip()
        self.visit(body[0], [])
        self.hresults(*extent)
        self.orders(*extent)
        self.function = ""

    def is_check(self, node):
        extent = self.places.extent(node)
        return extent is not None and re.match(
            r"(%s)\b" % "|".join(CHECKS), self.source[extent[0]:extent[1]]) is not None


def line_of(source, offset):
    return source.count("\n", 0, offset) + 1


def find(path, unit, flags, top):
    """All mutants of @path, in the order of the file. @unit: a C file that contains it."""
    dump = subprocess.run(
        ["clang", *flags, "-fsyntax-only", "-w", "-Xclang", "-ast-dump=json", unit], cwd=top,
        check=True, capture_output=True, text=True).stdout
    tree = json.loads(dump)
    note_files(tree)
    with open(f"{top}/{path}", encoding="ascii") as file:
        source = file.read()
    finder = Finder(path, source)
    for node in tree["inner"]:
        finder.visit(node, [])
    checks = check_spans(finder.places.code)
    mutants = sorted(finder.found.values(), key=lambda m: (m.offset, len(m.text), m.replacement))
    return [mutant for mutant in mutants if not inside(checks, mutant.offset)]


def check_spans(code):
    pattern = re.compile(r"\b(?:%s)\(" % "|".join(CHECKS))
    return [(m.start(), closing(code, m.end() - 1)) for m in pattern.finditer(code)]


def inside(spans, offset):
    i = bisect.bisect_right(spans, (offset, 1 << 60)) - 1
    return i >= 0 and spans[i][0] <= offset < spans[i][1]


def header():
    """The weaker operations, which base/atomic.h has no use for; included before everything."""
    lines = []
    forms = {"load": "__atomic_load_n(p, {0})", "store": "__atomic_store_n(p, v, {0})",
             "add": "__atomic_fetch_add(p, v, {0})", "sub": "__atomic_fetch_sub(p, v, {0})",
             "or": "__atomic_fetch_or(p, v, {0})", "and": "__atomic_fetch_and(p, v, {0})",
             "exchange": "__atomic_exchange_n(p, v, {0})",
             "cas": "__atomic_compare_exchange_n(p, e, v, 0, {0}, {1})",
             "cas_weak": "__atomic_compare_exchange_n(p, e, v, 1, {0}, {1})"}
    arguments = {"load": "p", "cas": "p, e, v", "cas_weak": "p, e, v"}
    for what, form in forms.items():
        for short, name in BUILTIN.items():
            failed = {"acq_rel": "ACQUIRE", "release": "RELAXED"}.get(short, name)
            call = form.format("__ATOMIC_" + name, "__ATOMIC_" + failed)
            lines.append(f"#define mutant_{what}_{short}({arguments.get(what, 'p, v')}) "
                         f"(SHAKE(), {call})")
    return "\n".join(lines) + "\n"
