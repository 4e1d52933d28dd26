// A message in the list of a phone: under each other what a wide screen has beside each other.

import { Card, Group, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** Whether rows have no room beside each other; the same width as in `app/styles`. */
// Known before the first picture, so that nothing moves.
export const useIsNarrow = () =>
  useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });

export function NarrowRows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }} aria-label={label}>
      {children}
    </Stack>
  );
}

type Shown = {
  /** Its checkbox. */
  select?: ReactNode;
  patient: { id: string; name: string };
  when: ReactNode;
  what: string;
  state: ReactNode;
  acts?: ReactNode;
};

export function NarrowRow({ select, patient, when, what, state, acts }: Shown) {
  return (
    <Card component="li" withBorder p="sm">
      <Stack gap={6}>
        <Group justify="space-between" gap="xs">
          <Group gap="xs" wrap="nowrap" align="flex-start">
            {select}
            <Link to="/patients/$id" params={{ id: patient.id }} className="row-link">
              {patient.name}
            </Link>
          </Group>
          {state}
        </Group>
        {when}
        <Text size="sm" lineClamp={3} style={{ overflowWrap: "anywhere" }}>
          {what}
        </Text>
        {acts}
      </Stack>
    </Card>
  );
}
