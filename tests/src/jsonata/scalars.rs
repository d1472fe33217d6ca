//! Numbers, texts and booleans.

use super::{
    data,
    write::{Kind, Writer},
};
use Kind::{Any, Boolean, List, Number, Object, Text};

impl Writer<'_> {
    pub(super) fn number(&mut self, depth: usize) -> String {
        let n = self.part(Number, depth);
        match self.random.below(20) {
            0..=4 => {
                let (operator, other) =
                    (self.random.pick(&["+", "-", "*", "/", "%"]), self.part(Number, depth));
                format!("{n} {operator} {other}")
            }
            5 => format!("-{n}"),
            6 => format!("{}({n})", self.random.pick(&["$abs", "$floor", "$ceil", "$round"])),
            7 => format!("$round({n}, {})", self.random.pick(&["0", "1", "2", "-1", "5", "-3"])),
            8 => format!("$power({n}, {})", self.random.pick(&["2", "0", "-1", "0.5", "3"])),
            9 => format!("$sqrt({n})"),
            10 | 11 => {
                let function = self.random.pick(&["$sum", "$max", "$min", "$average", "$count"]);
                let list = if self.random.one_in(2) {
                    self.random
                        .pick(&["$xs", "$one", "$os.a", "$none", "$os.c.d", "[1..5]"])
                        .to_owned()
                } else {
                    self.write(List, depth)
                };
                format!("{function}({list})")
            }
            12 => format!("$length({})", self.write(Text, depth)),
            13 => {
                let texts =
                    ["'12'", "'-0.5'", "'1e3'", "'x'", "' 1 '", "'0x1F'", "''", "true", "'1.'"];
                format!("$number({})", self.random.pick(&texts))
            }
            14 => format!("$toMillis({})", self.random.pick(data::TIMES)),
            15 => self.random.pick(data::INTEGERS).to_owned(),
            16 => {
                let list = self.write(List, depth);
                let body = self
                    .with(&[("acc", Number), ("v", Number)], |writer| writer.number(depth.min(1)));
                let initial = self.write(Number, 0);
                match self.random.below(2) {
                    0 => format!("$reduce({list}, function($acc, $v){{ {body} }})"),
                    _ => format!("$reduce({list}, function($acc, $v){{ {body} }}, {initial})"),
                }
            }
            17 => format!(
                "[{}][{}]",
                self.write(List, depth),
                self.random.pick(&["0", "1", "-1", "5"])
            ),
            18 => format!(
                "({n} ~> {})",
                self.random.pick(&["$abs", "$round(1)", "$floor() ~> $string"])
            ),
            _ => format!("$number({})", self.write(Text, depth)),
        }
    }

    pub(super) fn text(&mut self, depth: usize) -> String {
        let s = self.write(Text, depth);
        match self.random.below(24) {
            0..=3 => format!("{} & {}", self.part(Any, depth), self.part(Any, depth)),
            4 => format!("$string({})", self.write(Any, depth)),
            5 => format!("$string({}, true)", self.write(Any, depth)),
            6 | 7 => {
                let function = self.random.pick(&["$uppercase", "$lowercase", "$trim"]);
                format!("{function}({s})")
            }
            8 => format!(
                "$substring({s}, {})",
                self.random.pick(&["0", "1", "-2", "100", "-100", "1.5"])
            ),
            9 => {
                let (start, length) = (
                    self.random.pick(&["0", "1", "-3"]),
                    self.random.pick(&["0", "2", "-1", "50"]),
                );
                format!("$substring({s}, {start}, {length})")
            }
            10 => {
                let function = self.random.pick(&["$substringBefore", "$substringAfter"]);
                format!(
                    "{function}({s}, {})",
                    self.random.pick(&["'a'", "' '", "''", "'l'", "'zz'"])
                )
            }
            11 => {
                let width = self.random.pick(&["5", "-5", "0", "12", "-1"]);
                format!(
                    "$pad({s}, {width}{})",
                    self.random.pick(&["", ", '#'", ", 'ab'", ", ''", ", 'é'"])
                )
            }
            12 => format!(
                "$join({}{})",
                self.random.pick(&["$ts", "$os.b", "$split('a-b', '-')", "[]", "'x'", "$xs"]),
                self.random.pick(&["", ", ', '", ", ''"])
            ),
            13 | 14 => self.replace(&s),
            15 => format!(
                "$formatNumber({}, {})",
                self.random.pick(&[
                    "0",
                    "1",
                    "-1",
                    "12345.678",
                    "0.5",
                    "2.5",
                    "-2.675",
                    "1234567",
                    "0.125",
                    "1e9",
                    "$n",
                    "$xs[0]"
                ]),
                self.random.pick(data::NUMBER_PICTURES)
            ),
            16 => format!(
                "$formatBase({}, {})",
                self.write(Number, depth),
                self.random.pick(&["2", "8", "10", "16", "36", "1"])
            ),
            17 => format!(
                "$formatInteger({}, {})",
                self.random.pick(&["0", "1", "4", "12", "99", "1234", "1000000", "2.7"]),
                self.random.pick(data::INTEGER_PICTURES)
            ),
            18 => {
                let millis = self.random.pick(&[
                    "0",
                    "1522159140123",
                    "1e12",
                    "-1",
                    "951782400000",
                    "253402300799999",
                ]);
                match self.random.below(3) {
                    0 => format!("$fromMillis({millis})"),
                    1 => {
                        format!("$fromMillis({millis}, {})", self.random.pick(data::TIME_PICTURES))
                    }
                    _ => format!(
                        "$fromMillis({millis}, {}, {})",
                        self.random.pick(data::TIME_PICTURES),
                        self.random.pick(&["'+0200'", "'-0530'", "'+0000'"])
                    ),
                }
            }
            19 => format!("{}({s})", self.random.pick(&["$encodeUrl", "$encodeUrlComponent"])),
            20 => format!(
                "$decodeUrlComponent({})",
                self.random.pick(&["'a%20b'", "'%C3%A9'", "'x'", "'%41%42'"])
            ),
            21 => format!(
                "$base64encode({}) ~> $base64decode()",
                self.random.pick(&["'abc'", "''", "'a'", "'Hello World'"])
            ),
            22 => format!("$type({})", self.write(Any, depth)),
            _ => format!(
                "$substring($base64encode({}), 0, 3)",
                self.random.pick(&["'abcdef'", "'x'", "'12345'"])
            ),
        }
    }

    fn replace(&mut self, s: &str) -> String {
        let is_regex = self.random.one_in(2);
        let pattern = if is_regex {
            self.random.pick(data::PATTERNS)
        } else {
            self.random.pick(&["'a'", "'l'", "','", "' '", "'zz'"])
        };
        let with = match self.random.below(if is_regex { 5 } else { 4 }) {
            0 => "'-'".to_owned(),
            1 => "'[$0]'".to_owned(),
            2 => "'$1x'".to_owned(),
            3 => self.random.pick(data::TEXTS).to_owned(),
            _ => "function($m){ '<' & $m.match & '>' }".to_owned(),
        };
        let limit = self.random.pick(&["", "", "", ", 1", ", 0"]);
        format!("$replace({s}, {pattern}, {with}{limit})")
    }

    pub(super) fn pattern(&mut self) -> String {
        if self.random.one_in(2) {
            self.random.pick(data::PATTERNS).to_owned()
        } else {
            self.random.pick(&["'a'", "'l'", "','", "' '", "'zz'"]).to_owned()
        }
    }

    pub(super) fn boolean(&mut self, depth: usize) -> String {
        match self.random.below(14) {
            0..=2 => {
                let kind = if self.random.one_in(2) { Number } else { Text };
                let (left, right) = (self.part(kind, depth), self.part(kind, depth));
                format!("{left} {} {right}", self.random.pick(&["<", "<=", ">", ">="]))
            }
            3..=5 => {
                let (left, right) = (self.part(Any, depth), self.part(Any, depth));
                format!("{left} {} {right}", self.random.pick(&["=", "!="]))
            }
            6 | 7 => {
                let (left, right) = (self.part(Boolean, depth), self.part(Boolean, depth));
                format!("{left} {} {right}", self.random.pick(&["and", "or"]))
            }
            8 => format!("{} in {}", self.part(Any, depth), self.part(List, depth)),
            9 => format!("$not({})", self.write(Any, depth)),
            10 => format!("$boolean({})", self.write(Any, depth)),
            11 => format!("$exists({})", self.write(Any, depth)),
            12 => format!("$contains({}, {})", self.write(Text, depth), self.pattern()),
            _ => format!("{} = {}", self.part(Object, depth), self.part(Object, depth)),
        }
    }
}
