// A slip with a QR code: the patient scans it, sends the code, and is linked.

import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import type { LinkCode, Patient } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Loading } from "../../components/kit";
import { type Locale, wordsOf } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { dateTime } from "../../lib/format";
import { readOf } from "../../lib/live";

/** The words of a language other than the reader's. */
const useWordsIn = readOf("words", [], ({ locale }: { locale: Locale }) => wordsOf(locale));

/** The slip, and the way to the printer. */
export function Slip({ code, patient }: { code: LinkCode; patient: Patient }) {
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
