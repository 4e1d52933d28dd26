// One of several, as chips that wrap; each may say how many rows it leads to.

import { Chip, Group, Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { number } from "../lib/format";

/** `count` is null while it is not known: its place is kept. */
type Offered<V extends string> = { value: V; label: string; count?: number | null };

/** As wide as a figure. */
const A_FIGURE = "\u2007";

type Shown<V extends string> = {
  label: string;
  value: V;
  onChange: (value: V) => void;
  data: Offered<V>[];
};

export function Choices<V extends string>({ label, value, onChange, data }: Shown<V>) {
  const { locale } = useWords();
  const choose = (chosen: string) => {
    const found = data.find((one) => one.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <Chip.Group value={value} onChange={choose}>
      <Group component="fieldset" gap="xs" bd="none" p={0} m={0} aria-label={label}>
        {data.map(({ value: one, label: name, count }) => (
          <Chip key={one} value={one}>
            <span>{name}</span>
            {count !== undefined && (
              <>
                {" "}
                <Text span inherit fw={650}>
                  {count === null ? A_FIGURE : number(count, locale)}
                </Text>
              </>
            )}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
