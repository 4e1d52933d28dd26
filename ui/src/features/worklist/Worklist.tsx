// People who need a person: what happened in plain words, and what to do about it.

import { Badge, Button, Card, Collapse, Group, Menu, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconClock, IconPhone } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { commands, type Stranger, type WorkItem } from "../../bindings";
import { Choice, Empty, Page, Pages, Problem, When } from "../../components/kit";
import { NoteForm } from "../../components/NoteForm";
import { hasMore, Said } from "../../components/Said";
import { useWords } from "../../i18n/useWords";
import { namesOf, WORK_REASONS, whatHappened } from "../../labels";
import { chosen } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useListStrangersPages, useListWorklistPages } from "../../queries";
import { whoIn } from "../../sayings";
import { Strangers } from "./Strangers";

/** Whether somebody unknown is to be seen before everybody else. */
const isUrgent = (stranger: Stranger) => stranger.urgent && !stranger.resolvedAt;

export function Worklist() {
  const { t } = useWords();
  const { which = "open", reason } = useSearch({ from: "/worklist" });
  const navigate = useNavigate({ from: "/worklist" });
  const choose = (value: string) =>
    navigate({ search: (was) => ({ ...was, reason: namesOf(WORK_REASONS).find((name) => name === value) }) });
  const list = useListWorklistPages(
    { resolved: which === "resolved", snoozed: which === "snoozed", reason, limit: 50 },
    // What was put off comes back by the clock, not by a change.
    { refetchInterval: 60_000 },
  );
  const all = list.data?.rows ?? [];
  const rows = which === "snoozed" ? all.filter((row) => row.snoozedUntil) : all;
  const strangers = useListStrangersPages({ resolved: which === "resolved", limit: 50 });
  const withStrangers = !reason && which !== "snoozed";
  const unknown = withStrangers ? (strangers.data?.rows ?? []) : [];
  // That nobody needs anybody is said only once both lists are known.
  const isEmpty = rows.length === 0 && unknown.length === 0 && (!withStrangers || !!strangers.data);
  return (
    <Page title={t("Worklist")}>
      <Text>
        {t("People who need a person. The urgent ones come first; what is settled leaves the list.")}
      </Text>
      <Group>
        <Choice
          label={t("Which")}
          value={which}
          onChange={(value) => navigate({ search: (was) => ({ ...was, which: value }) })}
          data={[
            { value: "open", label: t("Open") },
            { value: "snoozed", label: t("Later") },
            { value: "resolved", label: t("Settled") },
          ]}
        />
        <NativeSelect
          aria-label={t("Why")}
          value={reason ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: "", label: t("All reasons") },
            ...namesOf(WORK_REASONS).map((value) => ({ value, label: t(WORK_REASONS[value].label) })),
          ]}
        />
      </Group>
      <Strangers rows={unknown.filter(isUrgent)} />
      <Pages list={list}>
        {list.data && isEmpty && (
          <Empty text={which === "open" ? t("Nobody needs you right now.") : t("Nothing here yet.")} />
        )}
        <Entries rows={rows} />
      </Pages>
      {withStrangers && (
        <Pages list={strangers}>
          <Strangers rows={unknown.filter((stranger) => !isUrgent(stranger))} />
        </Pages>
      )}
    </Page>
  );
}

function Entries({ rows }: { rows: WorkItem[] }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
      {rows.map((row) => (
        <Entry key={row.id} item={row} />
      ))}
    </Stack>
  );
}

/** What was said, below the line; a few words alone stand in it. */
function shownWords({ said }: WorkItem) {
  const [only, ...more] = said;
  return only && (more.length || only.unsentAt || hasMore(only)) ? said : [];
}

function Entry({ item }: { item: WorkItem }) {
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
        <Stack gap={4} flex={1} miw={260}>
          <Group gap="xs">
            <Title order={2} size="h5">
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
        <Actions item={item} />
      </Group>
    </Card>
  );
}

function Actions({ item }: { item: WorkItem }) {
  const { t } = useWords();
  const [noting, { toggle, close }] = useDisclosure();
  const reopen = useAct(commands.reopenWork);
  const undo = () => reopen.mutate({ id: item.id });
  const resolve = useAct(commands.resolveWork, () => settled(t("Settled."), t("Undo"), undo));
  const again = useAct(commands.sendWorkAgain, () =>
    notifications.show({ color: "teal", message: t("It is on its way again.") }),
  );
  const take = useAct(commands.takeWork);
  const link = useAct(commands.decideLink);
  const id = item.id;
  if (item.resolvedAt) {
    return (
      <Stack align="flex-end" gap={4}>
        <Button size="xs" variant="default" loading={reopen.isPending} onClick={undo}>
          {t("Reopen")}
        </Button>
        <Problem error={reopen.error} />
      </Stack>
    );
  }
  return (
    <Stack gap="xs" align="flex-end" maw={420}>
      <Group gap="xs" justify="flex-end">
        {item.reason === "relink" ? (
          <>
            <Button size="xs" loading={link.isPending} onClick={() => link.mutate({ id, accept: true })}>
              {item.linkedTo ? t("Move the link here") : t("Link")}
            </Button>
            <Button size="xs" variant="default" onClick={() => link.mutate({ id, accept: false })}>
              {t("Do not link")}
            </Button>
          </>
        ) : (
          <Button size="xs" loading={resolve.isPending} onClick={() => resolve.mutate({ id })}>
            {t("Settle")}
          </Button>
        )}
        {item.canSendAgain && (
          <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.mutate({ id })}>
            {t("Send once more")}
          </Button>
        )}
        <Button size="xs" variant="default" aria-expanded={noting} onClick={toggle}>
          {t("Note a call")}
        </Button>
        <Snooze id={id} />
        <Button
          size="xs"
          variant="default"
          loading={take.isPending}
          onClick={() => take.mutate(item.owner ? { id, owner: null } : { id })}
        >
          {item.owner ? t("Let go") : t("I take it")}
        </Button>
      </Group>
      <Collapse expanded={noting} w="100%">
        <NoteForm write={(note) => commands.noteWork({ id, ...note })} done={close} />
      </Collapse>
      <Problem error={resolve.error ?? again.error ?? take.error ?? link.error} />
    </Stack>
  );
}

/** A toast with a way back. */
function settled(text: string, undo: string, back: () => void) {
  const id = `settled ${Date.now()}`;
  notifications.show({
    id,
    color: "teal",
    autoClose: 10_000,
    message: (
      <Group justify="space-between">
        {text}
        <Button
          size="xs"
          variant="subtle"
          onClick={() => {
            back();
            notifications.hide(id);
          }}
        >
          {undo}
        </Button>
      </Group>
    ),
  });
}

function Snooze({ id }: { id: string }) {
  const { t } = useWords();
  const snooze = useAct(commands.snoozeWork);
  const HOUR = 3_600_000;
  const until = (ms: number) => snooze.mutate({ id, until: new Date(Date.now() + ms).toISOString() });
  return (
    <Menu>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconClock size={14} aria-hidden />}
          loading={snooze.isPending}
        >
          {t("Later")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => until(HOUR)}>{t("In an hour")}</Menu.Item>
        <Menu.Item onClick={() => until(4 * HOUR)}>{t("In four hours")}</Menu.Item>
        <Menu.Item onClick={() => until(24 * HOUR)}>{t("Tomorrow")}</Menu.Item>
        <Menu.Item onClick={() => until(7 * 24 * HOUR)}>{t("In a week")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
