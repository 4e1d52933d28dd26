import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import type { Patient } from "../../bindings";
import { BusyButton } from "../../components/busy";
import { Dialog, readForDialog } from "../../components/Dialog";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";

// The dialog opens once its content is there: the focus goes into it, not to where it will be.
const Consequences = onDemand(async () => (await import("./Erasure")).Consequences);

export function ErasePatient({ patient }: { patient: Patient }) {
  const { t } = useWords();
  const [open, { open: ask, close }] = useDisclosure();
  return (
    <>
      <BusyButton
        size="xs"
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => readForDialog(Consequences).then(ask)}
      >
        {t("Delete the data…")}
      </BusyButton>
      <Dialog
        opened={open}
        onClose={close}
        title={t("Delete the data of {name}", { name: patient.displayName })}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Awaited>{open && <Consequences patient={patient} onClose={close} />}</Awaited>
      </Dialog>
    </>
  );
}
