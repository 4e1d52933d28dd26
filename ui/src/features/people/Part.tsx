// One part of the screen: what it is about, how much of it there is, and what may be done.

import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";

export function Part({
  title,
  count,
  hint,
  actions,
  children,
}: {
  title: string;
  /** How many are in it; not said where it is not known. */
  count?: number;
  hint?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { locale } = useWords();
  const id = useId();
  return (
    <Stack component="section" aria-labelledby={id} gap="sm">
      <Group justify="space-between">
        <Group gap="xs">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {count !== undefined && (
            <Badge size="lg" variant="light" color="gray">
              {number(count, locale)}
            </Badge>
          )}
        </Group>
        {actions}
      </Group>
      {hint && <Text size="sm">{hint}</Text>}
      {children}
    </Stack>
  );
}
