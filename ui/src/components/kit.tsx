// The small parts every screen is made of.

import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  Center,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../i18n/useWords";
import { PROBLEMS } from "../labels";
import { dateTime, relative } from "../lib/format";
import type { ProblemError } from "../lib/transport";
import { refused } from "../sayings";
import { useClinic, useNow } from "./clinic";
import { useHidden } from "./hidden";
import { Awaited, onDemand } from "./onDemand";
import { Tip } from "./Tip";
import type { Wrong } from "./wrong";

// There are a hundred sentences for wrong fields: forms bring them along, other screens load them when
// one is needed.
const WrongFields = onDemand(async () => (await import("./WrongFields")).WrongFields);

export function Page({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  // A title may name a patient.
  const hidden = useHidden();
  return (
    <Stack gap="lg" maw={1180} mx="auto">
      <title>{hidden ? "Clinicue" : `${title} · Clinicue`}</title>
      <Group justify="space-between" align="center">
        <Title order={1} size="h2">
          {title}
        </Title>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export function Section({
  id,
  title,
  actions,
  children,
}: {
  /** Where an address may lead to. */
  id?: string;
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card component="section" id={id}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          {actions}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}

export function Empty({ text, action }: { text: string; action?: ReactNode }) {
  return (
    <Center py="lg">
      <Stack align="center" gap="sm">
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}

export function Loading({ rows = 3 }: { rows?: number }) {
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((key) => (
        <Skeleton key={key} height={36} />
      ))}
    </Stack>
  );
}

type Refused = {
  error: ProblemError | null;
  again?: () => void;
  /** What is wrong, where a form knows its fields. */
  wrong?: Wrong[];
  /** Goes to a field of the form. */
  onGo?: (field: string) => void;
};

export function Problem({ error, again, wrong, onGo }: Refused) {
  const { t, tell } = useWords();
  if (!error) return null;
  const { errors = [] } = error.problem;
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={t(PROBLEMS[error.problem.code])}>
      <Stack gap="xs" align="flex-start">
        {wrong && wrong.length > 0 && <WrongList wrong={wrong} onGo={onGo} />}
        {!wrong && errors.length > 0 && (
          <Awaited>
            <WrongFields errors={errors} />
          </Awaited>
        )}
        {(wrong ?? errors).length === 0 && <Text size="sm">{refused(error.problem, t, tell)}</Text>}
        {again && (
          <Button size="xs" variant="default" onClick={again}>
            {t("Try again")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What is wrong, each with the way to its field. */
export function WrongList({ wrong, onGo }: { wrong: Wrong[]; onGo?: Refused["onGo"] }) {
  return (
    <ul className="wrong">
      {wrong.map((one) => (
        <li key={`${one.place} ${one.words}`}>
          <WrongField wrong={one} onGo={onGo} />
        </li>
      ))}
    </ul>
  );
}

/** One thing that is wrong, and the way to its field. */
function WrongField({ wrong: { field, place, words }, onGo }: { wrong: Wrong; onGo?: Refused["onGo"] }) {
  const { t } = useWords();
  const said = t("{place}: {words}", { place, words });
  if (!onGo) return said;
  return (
    <Anchor
      component="button"
      type="button"
      c="inherit"
      ta="start"
      td="underline"
      onClick={() => onGo(field)}
    >
      {said}
    </Anchor>
  );
}

type List = {
  data: { rows: unknown[] } | undefined;
  error: ProblemError | null;
  isLoading: boolean;
  isFetchingNextPage: boolean;
  hasNextPage: boolean;
  refetch: () => void;
  fetchNextPage: () => void;
};

/** A list page by page: what failed, what loads, that it is empty, its rows, and more of them. */
export function Pages({ list, empty, children }: { list: List; empty?: ReactNode; children: ReactNode }) {
  const { t } = useWords();
  return (
    <>
      <Problem error={list.error} again={list.refetch} />
      {list.isLoading && <Loading />}
      {list.data?.rows.length === 0 && empty}
      {children}
      {list.hasNextPage && (
        <Button variant="default" onClick={list.fetchNextPage} loading={list.isFetchingNextPage}>
          {t("Show more")}
        </Button>
      )}
    </>
  );
}

/** An instant: absolute in the clinic's zone, and how far away. */
export function When({ at }: { at: string | null | undefined }) {
  const { locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  if (!at) return <Text span>–</Text>;
  return (
    <Tip label={`${at} (${timeZone})`}>
      <Text span size="sm">
        <time dateTime={at}>{dateTime(at, locale, timeZone)}</time>{" "}
        <Text span c="dimmed" size="sm">
          ({relative(at, now, locale)})
        </Text>
      </Text>
    </Tip>
  );
}

/** When something last came to what began earlier; nothing where that is the same minute. */
export function Latest({ at, since }: { at: string | undefined; since: string }) {
  const { t } = useWords();
  const minuteOf = (instant: string) => instant.slice(0, "2026-11-24T02:10".length);
  if (!at || minuteOf(at) <= minuteOf(since)) return null;
  return (
    <>
      {" "}
      · {t("latest")} <When at={at} />
    </>
  );
}

export function DemoBadge({ demo }: { demo: boolean }) {
  const { t } = useWords();
  return demo ? (
    <Badge color="yellow" variant="outline" c="light-dark(#7a5b00, #ffd43b)">
      {t("Demo")}
    </Badge>
  ) : null;
}
