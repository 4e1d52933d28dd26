// A field for a number. Mantine's own brings 9 kB that write numbers with signs between their digits,
// which no field here has.

import { TextInput, type TextInputProps } from "@mantine/core";
import { type FocusEvent, type KeyboardEvent, useState } from "react";

type Props = Omit<TextInputProps, "value" | "onChange" | "type"> & {
  value?: number | "";
  /** Empty while what is written is no number yet. */
  onChange?: (value: number | "") => void;
  min: number;
  max: number;
  /** Digits after the point; none where it is left out. */
  decimals?: number;
};

const within = (n: number, min: number, max: number) => Math.min(Math.max(n, min), max);

/** What of a text may be part of a number; digits and signs may be the wide ones of a Japanese keyboard. */
function digitsOf(text: string, mayBeNegative: boolean, decimals: number): string {
  const plain = text.normalize("NFKC").trim().replace(",", ".");
  const [, sign = "", whole = "", point = "", part = ""] = /^(-?)(\d*)(\.?)(\d*)/.exec(plain) ?? [];
  return `${mayBeNegative ? sign : ""}${whole}${decimals > 0 ? `${point}${part.slice(0, decimals)}` : ""}`;
}

const numberOf = (text: string): number | "" => (/\d/.test(text) ? Number(text) : "");

/** A number between two others: what lies outside is put inside when the field is left. Arrows count. */
export function NumberField({ value = "", onChange, min, max, decimals = 0, ...props }: Props) {
  // What is written may be no number yet, or one that is written otherwise: "-", "1.", "007".
  const [written, write] = useState<string | null>(null);
  const isWritten = written !== null && numberOf(written) === value;
  const leave = (event: FocusEvent<HTMLInputElement>) => {
    write(null);
    if (value !== "" && within(value, min, max) !== value) onChange?.(within(value, min, max));
    props.onBlur?.(event);
  };
  const count = (event: KeyboardEvent<HTMLInputElement>) => {
    props.onKeyDown?.(event);
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    write(null);
    onChange?.(within(value === "" ? 0 : value + by, min, max));
  };
  return (
    <TextInput
      {...props}
      inputMode={decimals > 0 ? "decimal" : min < 0 ? "text" : "numeric"}
      autoComplete="off"
      value={isWritten ? written : value}
      onChange={({ currentTarget }) => {
        const text = digitsOf(currentTarget.value, min < 0, decimals);
        write(text);
        onChange?.(numberOf(text));
      }}
      onBlur={leave}
      onKeyDown={count}
    />
  );
}
