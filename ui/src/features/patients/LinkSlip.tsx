// A slip with a QR code: the patient scans it, sends the code, and is linked.

import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPrinter, IconQrcode } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { commands, type LinkCode, type Patient } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Dialog } from "../../components/Dialog";
import { Loading, Problem, Section } from "../../components/kit";
import { May } from "../../components/may";
import { type Locale, wordsOf } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { dateTime } from "../../lib/format";
import { readOf, useAct } from "../../lib/live";
import { slipOf } from "./slips";

/** The words of a language other than the reader's. */
const useWordsIn = readOf("words", [], ({ locale }: { locale: Locale }) => wordsOf(locale));

/** How a patient who is not linked gets linked. */
export function LinkPatient({ patient }: { patient: Patient }) {
  const { t } = useWords();
  const [lineUserId, setId] = useState("");
  const link = useAct(commands.updatePatient);
  return (
    <Section title={t("Not linked to LINE")}>
      <Text size="sm">
        {t("Messages wait until the patient is linked; what grew too old by then needs your decision.")}
      </Text>
      <SlipButton patient={patient} primary />
      <May ask="update_patient">
        <Group align="flex-end">
          <TextInput
            flex={1}
            label={t("LINE user id")}
            description={t("Only if you know it; the slip needs no typing.")}
            value={lineUserId}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <Button
            variant="default"
            loading={link.isPending}
            disabled={!lineUserId.trim()}
            onClick={() => link.mutate({ id: patient.id, lineUserId: lineUserId.trim() })}
          >
            {t("Link")}
          </Button>
        </Group>
        <Problem error={link.error} />
      </May>
    </Section>
  );
}

export function SlipButton({ patient, primary = false }: { patient: Patient; primary?: boolean }) {
  const { t } = useWords();
  const [opened, { open, close }] = useDisclosure();
  const client = useQueryClient();
  const make = useAct(() => slipOf(client, patient));
  return (
    <May ask="make_link_code">
      <Button
        w="fit-content"
        size={primary ? "sm" : "xs"}
        variant={primary ? "filled" : "default"}
        leftSection={<IconQrcode size={18} aria-hidden />}
        onClick={() => {
          make.mutate({});
          open();
        }}
      >
        {t("Print a slip with a code")}
      </Button>
      <Dialog
        opened={opened}
        onClose={close}
        title={t("Link with a code")}
        size="lg"
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Problem error={make.error} />
        {make.isPending && <Loading />}
        {make.data && <Slip code={make.data} patient={patient} />}
      </Dialog>
    </May>
  );
}

/** The slip, and the way to the printer. */
function Slip({ code, patient }: { code: LinkCode; patient: Patient }) {
  const { t } = useWords();
  return (
    <Stack>
      <Sheet code={code} name={patient.displayName} />
      <Group justify="flex-end">
        <Button leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
          {t("Print")}
        </Button>
      </Group>
    </Stack>
  );
}

/** The slip itself speaks the patient's language; what is around it that of the staff. */
export function Sheet({ code, name }: { code: LinkCode; name: string }) {
  const { t } = useWords();
  const { timeZone, status } = useClinic();
  const theirs = code.language;
  const words = useWordsIn({ locale: theirs });
  if (!words.data) return <Loading />;
  const say = words.data;
  return (
    <Stack className="slip" align="center" gap="xs" lang={theirs}>
      <Title order={2} size="h3">
        {status?.clinicName}
      </Title>
      <Text>{name}</Text>
      {code.qrSvg ? (
        // Our own drawing, shown as an image: nothing in it can run.
        <img
          src={`data:image/svg+xml;utf8,${encodeURIComponent(code.qrSvg)}`}
          alt={t("QR code that opens the clinic's chat in LINE")}
          width={240}
          height={240}
        />
      ) : (
        <Text size="sm">
          {t("LINE cannot be asked for the account's address now; the code still works.")}
        </Text>
      )}
      <Text size="xl" fw={700} ff="monospace">
        {code.code}
      </Text>
      <Text size="sm" ta="center" maw={380}>
        {say("Scan with the camera of the phone. LINE opens with this code: send it as it is.")}
      </Text>
      <Text size="sm" c="dimmed">
        {say("Good once, until {when}", { when: dateTime(code.expiresAt, theirs, timeZone) })}
      </Text>
    </Stack>
  );
}
