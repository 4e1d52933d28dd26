// Whoever wrote and is nobody's LINE account: what they said, and who they may be.

import { Badge, Button, Card, Collapse, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { commands, type Stranger, type StrangerAction } from "../../bindings";
import { BusyButton } from "../../components/busy";
import { Latest, Problem, When } from "../../components/kit";
import { May, useMay } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { Untold } from "../../components/Untold";
import { useWords } from "../../i18n/useWords";
import { STRANGER_ACTIONS } from "../../labels";
import { lastError, useAct } from "../../lib/live";
import type { Operation } from "../../lib/roles";
import { whoIn } from "../../sayings";
import { AllSaid } from "../../shared/Said";
import { useShowUndo, useUndoable } from "../../shared/wayBack";

// Its choice with a search is 30 kB, and strangers are few: it unfolds once it is there.
const LinkTo = onDemand(async () => (await import("./LinkTo")).LinkTo);

/** So many of what somebody said are shown: the last ones. */
const SHOWN = 10;

export function Strangers({ rows }: { rows: Stranger[] }) {
  const { t } = useWords();
  if (rows.length === 0) return null;
  return (
    <Stack
      component="ul"
      gap="sm"
      p={0}
      m={0}
      style={{ listStyle: "none" }}
      aria-label={t("Someone unknown wrote")}
    >
      {rows.map((row) => (
        <Entry key={row.id} stranger={row} />
      ))}
    </Stack>
  );
}

function Entry({ stranger }: { stranger: Stranger }) {
  const { t } = useWords();
  const { said, urgent, resolvedAt } = stranger;
  return (
    <Card
      component="li"
      withBorder
      style={urgent && !resolvedAt ? { borderColor: "var(--mantine-color-red-6)" } : undefined}
    >
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} flex={1} miw="min(260px, 100%)">
          <Group gap="xs">
            <Title order={3} size="h5">
              {stranger.displayName ?? t("Someone on LINE")}
            </Title>
            <Badge
              color={urgent ? "red" : "grape"}
              variant="light"
              leftSection={urgent ? <IconAlertTriangle size={12} aria-hidden /> : undefined}
            >
              {urgent ? t("Words that alarm") : t("Someone unknown wrote")}
            </Badge>
          </Group>
          <AllSaid said={said.slice(-SHOWN)} />
          {stranger.untold && <Untold />}
          <Text size="sm" c="dimmed" component="div">
            <When at={stranger.createdAt} />
            <Latest at={stranger.updatedAt} since={stranger.createdAt} />
            {resolvedAt && ` · ${t("settled by {who}", { who: whoIn(stranger.resolvedBy ?? "", t) })}`}
          </Text>
        </Stack>
        <Actions stranger={stranger} />
      </Group>
    </Card>
  );
}

type Act = { ask: Operation; call: (input: { id: string }) => Promise<Stranger> };

const ACTS: Record<Exclude<StrangerAction, "link">, Act> = {
  resolve: { ask: "resolve_stranger", call: commands.resolveStranger },
  reopen: { ask: "reopen_stranger", call: commands.reopenStranger },
};

function Actions({ stranger: { id, actions } }: { stranger: Stranger }) {
  const { t } = useWords();
  const [linking, { toggle }] = useDisclosure();
  const isAllowed = useMay();
  const showUndo = useShowUndo();
  const settle = useUndoable(
    () => ACTS.resolve.call({ id }),
    (_, isUndone) => showUndo(t("Settled."), isUndone, () => ACTS.reopen.call({ id })),
  );
  const reopen = useAct(() => ACTS.reopen.call({ id }));
  const acts = { resolve: settle, reopen };
  return (
    <Stack gap="xs" className="entry-acts" miw="min(260px, 100%)" maw={420}>
      <Group gap="xs">
        {actions.map((action) => {
          const label = t(STRANGER_ACTIONS[action]);
          if (action === "link")
            return (
              <May key={action} ask="link_stranger">
                <BusyButton size="xs" aria-expanded={linking} onClick={() => LinkTo.preload().then(toggle)}>
                  {label}
                </BusyButton>
              </May>
            );
          return (
            isAllowed(ACTS[action].ask) && (
              <Button
                key={action}
                size="xs"
                variant="default"
                loading={acts[action].isPending}
                onClick={() => acts[action].mutate({})}
              >
                {label}
              </Button>
            )
          );
        })}
      </Group>
      <Collapse expanded={linking} w="100%">
        <Awaited>{linking && <LinkTo id={id} />}</Awaited>
      </Collapse>
      <Problem error={lastError(settle, reopen)} />
    </Stack>
  );
}
