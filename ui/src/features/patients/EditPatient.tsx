import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import type { Patient } from "../../bindings";
import { BusyButton } from "../../components/busy";
import { Dialog, readForDialog } from "../../components/Dialog";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";

// The dialog opens once the form is there: the focus goes into it, not to where it will be.
const ChangePatient = onDemand(async () => (await import("./PatientForm")).ChangePatient);

/** Opens the form that changes what is known of a patient. */
export function EditPatient({ patient }: { patient: Patient }) {
  const { t } = useWords();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <BusyButton
        size="xs"
        variant="default"
        leftSection={<IconPencil size={16} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => readForDialog(ChangePatient).then(open)}
      >
        {t("Edit patient")}
      </BusyButton>
      <Dialog
        opened={opened}
        onClose={close}
        title={t("Edit patient")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Awaited>
          <ChangePatient patient={patient} onDone={close} />
        </Awaited>
      </Dialog>
    </>
  );
}
