"""Makes src/watermark/label-glyphs.ts: the letters of the visible label as outlines, so that no font is needed at run time.

python3 tools/label-glyphs.py DejaVuSans-Bold.ttf > src/watermark/label-glyphs.ts

The texts are those of TEXTS; the three scripts that the font lacks are drawn by hand in STROKES (1000 units to the em, baseline at 0).
"""

import struct
import sys
import unicodedata

TEXTS = {
    "en": "AI-generated", "de": "KI-generiert", "nl": "AI-gegenereerd", "fr": "Généré par IA", "es": "Generado por IA",
    "pt": "Gerado por IA", "it": "Generato con IA", "pl": "Wygenerowane przez AI", "ru": "Создано ИИ", "tr": "Yapay zekâ üretimi",
    "ar": "مُولَّد بالذكاء الاصطناعي", "ja": "AI生成", "zh": "AI生成", "ko": "AI 생성", "hi": "AI",
}
MARKS = {"\u064b", "\u064c", "\u064d", "\u064e", "\u064f", "\u0650", "\u0651", "\u0652"}


def shape(text):
    """Arabic as presentation forms in visual order; other text as it is. Short vowels are left out, as in print."""
    if not any("\u0600" <= c <= "\u06ff" for c in text):
        return text
    forms = {}
    for code in range(0xFE70, 0xFF00):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) >= 2 and parts[0] in ("<isolated>", "<initial>", "<medial>", "<final>"):
            forms[("".join(chr(int(p, 16)) for p in parts[1:]), parts[0])] = chr(code)
    letters, plain, i = [], [c for c in text if c not in MARKS], 0
    while i < len(plain):
        pair = "".join(plain[i:i + 2])
        letters.append(pair if (pair, "<isolated>") in forms and len(pair) == 2 else plain[i])
        i += len(letters[-1])
    shaped = []
    for n, letter in enumerate(letters):
        before = n > 0 and (letters[n - 1], "<initial>") in forms
        after = n + 1 < len(letters) and (letter, "<initial>") in forms and (letters[n + 1], "<final>") in forms
        joins_back = before and (letter, "<final>") in forms
        kind = "<medial>" if joins_back and after else "<final>" if joins_back else "<initial>" if after else "<isolated>"
        shaped.append(forms.get((letter, kind), letter))
    return "".join(reversed(shaped))


class Font:
    def __init__(self, path):
        self.data = data = open(path, "rb").read()
        count = struct.unpack(">H", data[4:6])[0]
        self.tables = {data[12 + 16 * i:16 + 16 * i].decode(): struct.unpack(">II", data[20 + 16 * i:28 + 16 * i]) for i in range(count)}
        head = self.tables["head"][0]
        self.em = struct.unpack(">H", data[head + 18:head + 20])[0]
        self.long = struct.unpack(">h", data[head + 50:head + 52])[0]
        hhea = self.tables["hhea"][0]
        self.metrics = struct.unpack(">H", data[hhea + 34:hhea + 36])[0]
        self.cmap = self.read_cmap()

    def read_cmap(self):
        at = self.tables["cmap"][0]
        for i in range(struct.unpack(">H", self.data[at + 2:at + 4])[0]):
            platform, encoding, offset = struct.unpack(">HHI", self.data[at + 4 + 8 * i:at + 12 + 8 * i])
            if (platform, encoding) == (3, 1):
                sub = at + offset
                n = struct.unpack(">H", self.data[sub + 6:sub + 8])[0] // 2
                u16 = lambda start, i: struct.unpack(">H", self.data[start + 2 * i:start + 2 * i + 2])[0]
                ends, starts, deltas, ranges = sub + 14, sub + 16 + 2 * n, sub + 16 + 4 * n, sub + 16 + 6 * n
                table = {}
                for k in range(n):
                    for code in range(u16(starts, k), min(u16(ends, k), 0xFFFE) + 1):
                        r = u16(ranges, k)
                        glyph = code if r == 0 else u16(ranges, k + r // 2 + code - u16(starts, k))
                        if glyph:
                            table[code] = (glyph + u16(deltas, k)) & 0xFFFF
                return table
        raise SystemExit("no Unicode cmap")

    def advance(self, glyph):
        at = self.tables["hmtx"][0] + 4 * min(glyph, self.metrics - 1)
        return struct.unpack(">H", self.data[at:at + 2])[0]

    def contours(self, glyph):
        loca, glyf = self.tables["loca"][0], self.tables["glyf"][0]
        if self.long:
            start, end = struct.unpack(">II", self.data[loca + 4 * glyph:loca + 4 * glyph + 8])
        else:
            start, end = (2 * x for x in struct.unpack(">HH", self.data[loca + 2 * glyph:loca + 2 * glyph + 4]))
        if start == end:
            return []
        at = glyf + start
        n = struct.unpack(">h", self.data[at:at + 2])[0]
        return self.simple(at + 10, n) if n >= 0 else self.composite(at + 10)

    def composite(self, at):
        out = []
        while True:
            flags, glyph = struct.unpack(">HH", self.data[at:at + 4])
            at += 4
            dx, dy = struct.unpack(">hh" if flags & 1 else ">bb", self.data[at:at + (4 if flags & 1 else 2)])
            at += 4 if flags & 1 else 2
            sx = sy = 1.0
            if flags & 8:
                sx = sy = struct.unpack(">h", self.data[at:at + 2])[0] / 16384
                at += 2
            elif flags & 0x40:
                sx, sy = (v / 16384 for v in struct.unpack(">hh", self.data[at:at + 4]))
                at += 4
            elif flags & 0x80:
                sx, _, _, sy = (v / 16384 for v in struct.unpack(">hhhh", self.data[at:at + 8]))
                at += 8
            out += [[(x * sx + dx, y * sy + dy, on) for x, y, on in contour] for contour in self.contours(glyph)]
            if not flags & 0x20:
                return out

    def simple(self, at, n):
        ends = struct.unpack(f">{n}H", self.data[at:at + 2 * n])
        at += 2 * n
        at += 2 + struct.unpack(">H", self.data[at:at + 2])[0]
        flags = []
        while len(flags) <= ends[-1]:
            flag = self.data[at]
            at += 1
            repeat = 1
            if flag & 8:
                repeat += self.data[at]
                at += 1
            flags += [flag] * repeat
        axes = []
        for short, same in ((2, 16), (4, 32)):
            value, values = 0, []
            for flag in flags:
                if flag & short:
                    value += self.data[at] if flag & same else -self.data[at]
                    at += 1
                elif not flag & same:
                    value += struct.unpack(">h", self.data[at:at + 2])[0]
                    at += 2
                values.append(value)
            axes.append(values)
        points = [(x, y, flag & 1) for x, y, flag in zip(*axes, flags)]
        return [points[(ends[i - 1] + 1 if i else 0):end + 1] for i, end in enumerate(ends)]

    def path(self, glyph):
        scale = 1000 / self.em
        out = []
        xy = lambda p: f"{round(p[0] * scale)} {round(-p[1] * scale)}"
        for contour in self.contours(glyph):
            first = next((i for i, p in enumerate(contour) if p[2]), 0)
            points = contour[first:] + contour[:first] + [contour[first]]
            out.append("M" + xy(points[0]))
            i = 1
            while i < len(points):
                p = points[i]
                if p[2]:
                    out.append("L" + xy(p))
                    i += 1
                    continue
                q = points[i + 1]
                end = q if q[2] else ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, 1)
                out.append(f"Q{xy(p)} {xy(end)}")
                i += 2 if q[2] else 1
            out.append("Z")
        return "".join(out)


# Center lines; drawn with a stroke of 105 units.
STROKES = {
    "生": (1000, "M300 -760L210 -560M240 -600H860M540 -790V-40M290 -330H800M130 -40H890"),
    "成": (1000, "M210 -620H860M230 -620V-330Q230 -120 130 40M235 -400H440Q445 -180 410 -110Q390 -70 320 -100M600 -790Q620 -250 860 10Q890 30 890 -110M790 -450Q700 -130 430 30M700 -760L790 -690"),
    "생": (920, "M290 -780Q280 -570 90 -420M290 -620Q360 -490 470 -440M590 -770V-380M760 -790V-370M590 -570H760M460 -300Q220 -300 220 -140Q220 20 460 20Q710 20 710 -140Q710 -300 460 -300Z"),
    "성": (920, "M300 -780Q290 -570 90 -420M300 -620Q380 -490 530 -440M760 -790V-370M560 -590H760M460 -300Q220 -300 220 -140Q220 20 460 20Q710 20 710 -140Q710 -300 460 -300Z"),
}

font = Font(sys.argv[1])
shaped = {language: shape(text) for language, text in TEXTS.items()}
print("""/**
 * Made by tools/label-glyphs.py; do not edit. Outlines of DejaVu Sans Bold (public domain changes to Bitstream Vera; see NOTICE.md), 1000
 * units to the em, baseline at 0, down is positive. Characters whose third member is true are center lines, for scripts the font lacks.
 */
export const GLYPHS: Readonly<Record<string, readonly [advance: number, path: string, isStroke?: true]>> = {""")
for char in sorted(set("".join(shaped.values()))):
    if char in STROKES:
        print(f"  '{char}': [{STROKES[char][0]}, '{STROKES[char][1]}', true],")
    else:
        glyph = font.cmap[ord(char)]
        name = f"'{char}'" if not char.isidentifier() or ord(char) > 127 else char
        print(f"  {name}: [{round(font.advance(glyph) * 1000 / font.em)}, '{font.path(glyph)}'],")
print("""};

/** By ISO 639 code, in the order in which it is drawn from left to right. */
export const LABEL_TEXTS: Readonly<Record<string, string>> = {""")
for language, text in shaped.items():
    print(f"  {language}: '{text}',")
print("};")
