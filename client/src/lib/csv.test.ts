import { expect, test } from "vitest";
import { csv } from "./csv";

const line = (...cells: string[]) => csv([cells], ";").slice(1);

test("a file begins with the mark of UTF-8, and its lines end as those of a spreadsheet", () => {
  expect(
    csv(
      [
        ["Tên", "Số"],
        ["Hội thảo", "2"],
      ],
      ";",
    ),
  ).toBe("\uFEFFTên;Số\r\nHội thảo;2\r\n");
});

test("what parts cells, lines or texts stands within quotes", () => {
  expect(line("a;b", 'say "x"', "two\nlines", "a,b")).toBe(
    '"a;b";"say ""x""";"two\nlines";a,b\r\n',
  );
  expect(csv([["a,b", "a;b"]], ",")).toBe('\uFEFF"a,b",a;b\r\n');
});

test("nothing that was written is worked out as a formula", () => {
  for (const begin of ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
    expect(line(`${begin}1+1`)).toBe(`'${begin}1+1\r\n`);
  expect(line("\r=1")).toBe(`"'\r=1"\r\n`);
  expect(line("1-2", "a=b", "")).toBe("1-2;a=b;\r\n");
});
