// What stays in reach while a plan is written: whether anything is unsaved, what is to be mended,
// and the way to save it.

import { Button, Group, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";

const STATES = {
  saved: "No unsaved changes",
  changed: "Unsaved changes",
  new: "Not saved yet",
} satisfies Record<string, Label>;

type Props = {
  state: keyof typeof STATES;
  /** What came of a check of what is written now; what is to be mended goes before it. */
  said?: string | null;
  /** The fields in which something is to be mended. */
  wrong: string[];
  onGo: (field: string) => void;
  save: string;
  isSaving: boolean;
  children: ReactNode;
};

export function SaveBar({ state, said = null, wrong, onGo, save, isSaving, children }: Props) {
  const { t } = useWords();
  const [first] = wrong;
  return (
    <Group className="savebar" component="section" aria-label={t("Saving")} justify="space-between" gap="sm">
      <Group gap="sm" wrap="nowrap" flex="1 1 200px">
        {/* One text after the other: on a narrow screen they share their lines. */}
        <div className="savebar-said">
          <Text span size="sm" role="status">
            {t(STATES[state])}
          </Text>{" "}
          <Text span size="sm" c="dimmed" role="status">
            {first === undefined && said}
          </Text>
        </div>
        {first !== undefined && (
          <Button
            className="savebar-wrong"
            size="xs"
            variant="light"
            color="red"
            leftSection={<IconAlertCircle size={16} aria-hidden />}
            onClick={() => onGo(first)}
          >
            {t("{n, plural, one {# thing to mend} other {# things to mend}}", { n: wrong.length })}
          </Button>
        )}
      </Group>
      <Group className="savebar-acts" gap="sm">
        {children}
        <Button type="submit" loading={isSaving}>
          {save}
        </Button>
      </Group>
    </Group>
  );
}
