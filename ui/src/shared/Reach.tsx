// Reaching a patient without leaving the list: the number to call, and words to write. The number
// is asked for when somebody wants it, not for every row.

import { Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMessage, IconPhone } from "@tabler/icons-react";
import type { Patient, PatientWords, WorkItem } from "../bindings";
import { Loading, Problem } from "../components/kit";
import { LinkAnchor } from "../components/links";
import { May } from "../components/may";
import { Awaited, onDemand } from "../components/onDemand";
import { useWords } from "../i18n/useWords";
import { useGetPatient } from "../queries";

// Most mornings begin with reading.
const MessageForm = onDemand(async () => (await import("./WriteMessage")).MessageForm);

export const reach = (item: WorkItem) => <Reach item={item} />;

function Reach({ item }: { item: WorkItem }) {
  const { t } = useWords();
  const [open, { toggle }] = useDisclosure();
  return (
    <Stack gap="sm" align="flex-start" mt="xs">
      <Button
        size="xs"
        variant="light"
        aria-expanded={open}
        leftSection={<IconMessage size={16} aria-hidden />}
        onClick={toggle}
      >
        {t("Call or write")}
      </Button>
      <Collapse expanded={open} w="100%">
        {open && <Ways patientId={item.patientId} said={item.said.at(-1)} />}
      </Collapse>
    </Stack>
  );
}

function Ways({ patientId, said }: { patientId: string; said: PatientWords | undefined }) {
  const { data: patient, error, refetch } = useGetPatient({ id: patientId });
  if (!patient) return error ? <Problem error={error} again={refetch} /> : <Loading rows={2} />;
  return (
    <Stack gap="sm">
      <Telephone patient={patient} />
      <May ask="send_message">
        <Awaited waiting={<Loading rows={2} />}>
          <MessageForm patient={patient} said={said} isReply />
        </Awaited>
      </May>
    </Stack>
  );
}

function Telephone({ patient: { id, phone, phoneUri } }: { patient: Patient }) {
  const { t } = useWords();
  if (phone && phoneUri) {
    return (
      <Button component="a" href={phoneUri} w="fit-content" leftSection={<IconPhone size={18} aria-hidden />}>
        {t("Call {number}", { number: phone })}
      </Button>
    );
  }
  // A field with two numbers has no link that dials: nobody knows which of them is meant.
  if (phone) return <Text>{t("Call {number}", { number: phone })}</Text>;
  return (
    <Group gap="xs">
      <Text size="sm">{t("No telephone number is noted.")}</Text>
      <LinkAnchor to="/patients/$id" params={{ id }} size="sm" underline="always" className="back">
        {t("Note it on their page")}
      </LinkAnchor>
    </Group>
  );
}
