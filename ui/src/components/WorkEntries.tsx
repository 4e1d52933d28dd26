// Entries of the worklist: what happened to whom, in words, and what to do about it.

import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconPhone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { WorkItem } from "../bindings";
import { useWords } from "../i18n/useWords";
import { WORK_REASONS, whatHappened } from "../labels";
import { chosen } from "../lib/format";
import { whoIn } from "../sayings";
import { When } from "./kit";
import { hasMore, Said } from "./Said";
import { Untold } from "./Untold";
import { WorkActions } from "./WorkActions";

export function WorkEntries({ rows, heading = 2 }: { rows: WorkItem[]; heading?: 2 | 3 }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
      {rows.map((row) => (
        <Entry key={row.id} item={row} heading={heading} />
      ))}
    </Stack>
  );
}

/** What was said, below the line; a few words alone stand in it. */
function shownWords({ said }: WorkItem) {
  const [only, ...more] = said;
  return only && (more.length || only.unsentAt || hasMore(only)) ? said : [];
}

function Entry({ item, heading }: { item: WorkItem; heading: 2 | 3 }) {
  const { t, locale } = useWords();
  const { label, color } = WORK_REASONS[item.reason];
  // A message of its own, outside any care plan, has no step to name.
  const said = shownWords(item);
  const about = item.protocolName ? [item.protocolName, item.stepName].filter(Boolean).join(" · ") : "";
  return (
    <Card
      component="li"
      withBorder
      style={item.urgent && !item.resolvedAt ? { borderColor: "var(--mantine-color-red-6)" } : undefined}
    >
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} flex={1} miw="min(260px, 100%)">
          <Group gap="xs">
            <Title order={heading} size="h5">
              <Link to="/patients/$id" params={{ id: item.patientId }} className="row-link">
                {item.patientName}
              </Link>
            </Title>
            <Badge
              color={color}
              variant="light"
              leftSection={item.urgent ? <IconAlertTriangle size={12} aria-hidden /> : undefined}
            >
              {t(label)}
            </Badge>
            {item.owner && <Badge variant="outline">{whoIn(item.owner, t)}</Badge>}
          </Group>
          <Text size="sm">
            {t(whatHappened(item))}
            {item.detail && !said.length && (
              <>
                {": "}
                <b>“{item.detail}”</b>
                {item.chosen && ` – ${chosen(item.chosen, locale)}`}
              </>
            )}
          </Text>
          {said.map((words) => (
            <Said key={`${words.at} ${words.kind} ${words.text}`} said={words} />
          ))}
          {item.untold && <Untold />}
          {about && (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
          <Text size="sm" c="dimmed" component="div">
            <When at={item.createdAt} />
            {item.snoozedUntil && (
              <>
                {" "}
                · {t("comes back")} <When at={item.snoozedUntil} />
              </>
            )}
            {item.resolvedAt && ` · ${t("settled by {who}", { who: whoIn(item.resolvedBy ?? "", t) })}`}
          </Text>
          {item.notes.map((note) => (
            <Text key={note.id} size="sm">
              {note.kind === "call" && <IconPhone size={14} aria-label={t("Called")} />} {note.text}{" "}
              <Text span c="dimmed" size="sm">
                ({whoIn(note.author, t)})
              </Text>
            </Text>
          ))}
        </Stack>
        <WorkActions item={item} />
      </Group>
    </Card>
  );
}
