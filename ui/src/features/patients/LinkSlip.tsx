// The ways to link a patient: a slip with a code, or the LINE user id. The slip is read when one is made.

import { Button, Group, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconQrcode } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { commands, type Patient } from "../../bindings";
import { Dialog } from "../../components/Dialog";
import { Loading, Problem, Section } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { slipOf } from "./slips";

const Slip = onDemand(async () => (await import("./Slip")).Slip);

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
  const make = useAct(async () => {
    const [code] = await Promise.all([slipOf(client, patient), Slip.preload()]);
    return code;
  });
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
        {make.data && (
          <Awaited>
            <Slip code={make.data} patient={patient} />
          </Awaited>
        )}
      </Dialog>
    </May>
  );
}
