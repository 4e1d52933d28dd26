// A text whose length is told while it is written, counted as LINE counts it.

import type { TextInputProps } from "@mantine/core";
import type { Bound } from "../../components/clock";
import { useWords } from "../../i18n/useWords";
import { graphemes } from "../../lib/limits";
import { LineWithVariables, type Place, TextWithVariables, useExample } from "../../shared/variables";

type Props = Pick<TextInputProps, "flex" | "description"> & {
  place: Place;
  label: string;
  /** `null` where LINE names no limit. */
  most: number | null;
  /** Templates count what people take for a character, most other texts UTF-16 code units. */
  by: "clusters" | "units";
  /** Whether it may have several lines. */
  lines?: boolean;
  input: Bound;
};

export function CountedLine({ label, most, by, lines = false, input, description, ...props }: Props) {
  const { t } = useWords();
  const example = useExample();
  // Variables count as what stands for them in the end.
  const text = example(String(input.value ?? ""));
  const length = by === "units" ? text.length : graphemes(text);
  const common = {
    ...props,
    label,
    description: (
      <>
        {description}
        {description && " "}
        {most === null ? null : `${length} / ${most}`}
      </>
    ),
    ...input,
    error: most !== null && length > most ? t("At most {n} characters.", { n: most }) : input.error,
  };
  return lines ? <TextWithVariables autosize minRows={2} {...common} /> : <LineWithVariables {...common} />;
}
