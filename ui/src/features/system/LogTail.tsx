// The last lines of the program's log, for whoever helps from afar. They are in English, and name
// nobody.

import { Badge, Button, Group, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { LogLevel } from "../../bindings";
import { Choice } from "../../components/Choice";
import { useClinic } from "../../components/clinic";
import { Empty, Loading, Problem, Section } from "../../components/kit";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { LOG_LEVELS, namesOf } from "../../labels";
import { dateTime } from "../../lib/format";
import { useListLog } from "../../queries";

/** How often it looks again while it is open. */
const AGAIN_MS = 5_000;

/** What may be asked for: from this weight on. */
const SHOWN = { info: "All lines", warn: "Warnings and errors", error: "Errors alone" } satisfies Partial<
  Record<LogLevel, Label>
>;

type Level = keyof typeof SHOWN;

/** The least weight of the lines shown, kept in the address; none while the log is closed. */
function useLevel() {
  const { log: level } = useSearch({ from: "/system" });
  const navigate = useNavigate({ from: "/system" });
  const show = (log: Level | undefined) =>
    void navigate({ search: (was) => ({ ...was, log }), replace: true, resetScroll: false });
  return { level, show };
}

export function LogTail() {
  const { t } = useWords();
  const { level, show } = useLevel();
  const open = level !== undefined;
  return (
    <Section
      title={t("Log of the program")}
      actions={
        <Button
          size="xs"
          variant="default"
          aria-expanded={open}
          onClick={() => show(open ? undefined : "info")}
        >
          {open ? t("Close the log") : t("Show the log")}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {t("The last lines since the start, in English, for whoever helps you. They name no patient.")}
      </Text>
      {open && <Lines level={level} show={show} />}
    </Section>
  );
}

function Lines({ level, show }: { level: Level; show: (level: Level) => void }) {
  const { t } = useWords();
  const { data, error, refetch } = useListLog({ level, limit: 200 }, { refetchInterval: AGAIN_MS });
  return (
    <>
      <Group>
        <Choice
          size="xs"
          label={t("Which lines")}
          value={level}
          onChange={show}
          data={namesOf(SHOWN).map((value) => ({ value, label: t(SHOWN[value]) }))}
        />
      </Group>
      <Problem error={error} again={refetch} />
      {!data && !error && <Loading rows={3} />}
      {data?.items.length === 0 && <Empty text={t("There is no such line since the start.")} />}
      <ol className="log" aria-label={t("Log of the program")} lang="en">
        {data?.items.map((line, n) => (
          // Two lines may be alike.
          <EntryRow key={`${line.at} ${n}`} {...line} />
        ))}
      </ol>
    </>
  );
}

function EntryRow({
  at,
  level,
  target,
  text,
}: {
  at: string;
  level: LogLevel;
  target: string;
  text: string;
}) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { label, color } = LOG_LEVELS[level];
  return (
    <li>
      <Text size="sm" c="dimmed" span>
        <time dateTime={at}>{dateTime(at, locale, timeZone)}</time> · {target}
      </Text>{" "}
      <Badge size="sm" variant="light" color={color}>
        {t(label)}
      </Badge>
      <Text size="sm" className="address">
        {text}
      </Text>
    </li>
  );
}
