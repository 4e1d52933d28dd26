// The keys, and what is kept on this computer about them and about hiding.

import { Button, Group, Kbd, Modal, NativeSelect, Stack, Switch, Table, Text } from "@mantine/core";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { inWindow } from "../lib/transport";
import { useSingleKeys } from "./keys";
import { IDLE_CHOICES, useIdleMinutes } from "./privacy";

/**
 * What is listed under `?`; `single` keys can be switched off (WCAG 2.1.4), those of the `window` a
 * browser has by itself.
 */
const KEYS: { keys: string[]; label: Label; single?: boolean; window?: boolean }[] = [
  { keys: ["Ctrl", "K"], label: "Search everything" },
  { keys: ["/"], label: "Search, in the list of patients among them", single: true },
  { keys: ["?"], label: "Show the keys", single: true },
  { keys: ["Ctrl", "Shift", "H"], label: "Hide what is known of patients, or show it again" },
  { keys: ["Ctrl", "Z"], label: "Undo what a notice offers to undo" },
  { keys: ["Ctrl", "A"], label: "Select all of a list that are shown" },
  { keys: ["Shift"], label: "With a click: select all rows between two" },
  { keys: ["Alt", "↑"], label: "Move a step of a care plan up; in the list of its days, a day earlier" },
  { keys: ["Alt", "↓"], label: "Move a step of a care plan down; in the list of its days, a day later" },
  { keys: ["Esc"], label: "Close a dialog" },
  { keys: ["Ctrl", "+"], label: "Draw everything larger", window: true },
  { keys: ["Ctrl", "-"], label: "Draw everything smaller", window: true },
  { keys: ["Ctrl", "0"], label: "Draw everything in the usual size", window: true },
  { keys: ["Ctrl", "W"], label: "Close the window", window: true },
  { keys: ["Ctrl", "Q"], label: "Quit Clinicue", window: true },
];

export function Keys({ close, hide }: { close: () => void; hide: () => void }) {
  const { t } = useWords();
  const [single, setSingle] = useSingleKeys();
  const shownKeys = KEYS.filter(({ window: ofWindow }) => inWindow || !ofWindow);
  return (
    <Modal
      opened
      onClose={close}
      title={t("Keys and privacy")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack>
        <Table aria-label={t("Keys")} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("Keys")}</Table.Th>
              <Table.Th>{t("What they do")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shownKeys.map(({ keys, label, single: alone }) => (
              <Table.Tr key={label}>
                <Table.Td>
                  <Pressed keys={keys} />
                </Table.Td>
                <Table.Td>
                  {t(label)}
                  {alone && !single && (
                    <Text size="sm" c="dimmed">
                      {t("switched off")}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label={t("Keys without Ctrl work, too")}
          description={t("Switch them off where speech or a slip presses them.")}
          checked={single}
          onChange={(event) => setSingle(event.currentTarget.checked)}
        />
        <Hiding
          hide={() => {
            close();
            hide();
          }}
        />
      </Stack>
    </Modal>
  );
}

function Pressed({ keys }: { keys: string[] }) {
  return (
    <Text span style={{ whiteSpace: "nowrap" }}>
      {keys.map((key, n) => (
        <span key={key}>
          {n > 0 && " + "}
          <Kbd>{key}</Kbd>
        </span>
      ))}
    </Text>
  );
}

function Hiding({ hide }: { hide: () => void }) {
  const { t } = useWords();
  const [minutes, setMinutes] = useIdleMinutes();
  return (
    <Group align="flex-end" gap="sm">
      <NativeSelect
        flex="1 1 220px"
        label={t("Hide what is known of patients when nobody is at work")}
        description={t("Kept on this computer alone.")}
        value={String(minutes)}
        onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        data={IDLE_CHOICES.map((n) => ({
          value: String(n),
          label: n === 0 ? t("Never") : t("After {n, plural, one {# minute} other {# minutes}}", { n }),
        }))}
      />
      <Button variant="default" onClick={hide}>
        {t("Hide now")}
      </Button>
    </Group>
  );
}
