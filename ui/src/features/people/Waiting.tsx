// Messages that wait: why, how many, until when, what lets them go, and which they are.

import { Button, Card, Collapse, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { type Cause, type HeldGroup, LIMITS, type Message } from "../../bindings";
import { gist } from "../../components/Bubble";
import { Pages, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { CAUSES, NO_CAUSE, RELEASED_BY } from "../../labels";
import { useHeldMessages, useListMessagesPages } from "../../queries";
import { useMessageActions } from "../../shared/MessageActions";
import { CountOf } from "./CountOf";
import { Part } from "./Part";
import { MendForAll, MendOfPatient } from "./Remedies";

export const useWaiting = () => useHeldMessages({});

/** What only waits for its own time needs nobody. */
export const needsStaff = ({ releasedBy }: HeldGroup) => releasedBy !== "time";

const sum = (groups: HeldGroup[]) => groups.reduce((all, { count }) => all + count, 0);

export function Waiting({ groups }: { groups: HeldGroup[] }) {
  const { t } = useWords();
  const [held, later] = [groups.filter(needsStaff), groups.filter((one) => !needsStaff(one))];
  return (
    <>
      {held.length > 0 && (
        <Part title={t("Messages that wait")} count={sum(held)}>
          <Groups groups={held} label={t("Messages that wait")} />
        </Part>
      )}
      {later.length > 0 && (
        <Part
          title={t("Messages that go out by themselves")}
          count={sum(later)}
          hint={t("They wait for their time and need nobody.")}
        >
          <Groups groups={later} label={t("Messages that go out by themselves")} />
        </Part>
      )}
    </>
  );
}

function Groups({ groups, label }: { groups: HeldGroup[]; label: string }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }} aria-label={label}>
      {groups.map((group) => (
        <WaitingGroup key={group.cause} group={group} />
      ))}
    </Stack>
  );
}

function WaitingGroup({ group: { cause, count, until, releasedBy } }: { group: HeldGroup }) {
  const { t } = useWords();
  const { label, held } = cause ? CAUSES[cause] : NO_CAUSE;
  const [open, { toggle }] = useDisclosure();
  return (
    <Card component="li">
      <Stack gap="xs">
        <Group gap="xs">
          <Title order={3} size="h5" className="sentence">
            {t(label)}
          </Title>
          <CountOf n={count} stage="held" cause={cause} color="gray.7" />
          {until ? (
            <Text size="sm" component="div">
              {t("until")} <When at={until} />
            </Text>
          ) : (
            <Text size="sm">{t(RELEASED_BY[releasedBy])}</Text>
          )}
        </Group>
        {held && <Text size="sm">{t(held)}</Text>}
        <Group gap="xs">
          <MendForAll cause={cause} />
          <Button variant="default" aria-expanded={open} onClick={toggle}>
            {t("{n, plural, one {Which message} other {Which # messages}}", { n: count })}
          </Button>
        </Group>
        <Collapse expanded={open}>{open && <Which cause={cause} label={t(label)} />}</Collapse>
      </Stack>
    </Card>
  );
}

function Which({ cause, label }: { cause: Cause | null; label: string }) {
  const list = useListMessagesPages({ stage: "held", cause, limit: LIMITS.ListMessages.limit.maximum });
  // There is no filter for messages without a known cause: the link leads to the whole list.
  const rows = (list.data?.rows ?? []).filter((row) => row.cause === cause);
  return (
    <Pages list={list}>
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }} aria-label={label}>
        {rows.map((row) => (
          <Row key={row.id} message={row} />
        ))}
      </Stack>
    </Pages>
  );
}

function Row({ message }: { message: Message }) {
  const { t } = useWords();
  const { buttons, problem } = useMessageActions(message, "xs");
  const { patientId, patientName, cause } = message;
  return (
    <li className="failed-row">
      <Stack gap={2} flex={1} miw={0}>
        <Link to="/patients/$id" params={{ id: patientId }} className="row-link">
          {patientName}
        </Link>
        <Text size="sm" lineClamp={2}>
          {gist(message.messageType, message.content, t)}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {t("Due")} <When at={message.dueAt} />
        </Text>
        {problem}
      </Stack>
      <Group gap="xs" className="failed-acts">
        <MendOfPatient cause={cause} patientId={patientId} name={patientName} />
        {buttons}
      </Group>
    </li>
  );
}
