import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import type { Patient } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { useLate } from "../../lib/late";

/** Opens the form that changes what is known of a patient. */
export function EditPatient({ patient }: { patient: Patient }) {
  const { t } = useWords();
  const [opened, { open, close }] = useDisclosure();
  const [ChangePatient, load] = useLate(async () => (await import("./PatientForm")).ChangePatient);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPencil size={16} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => load().then(open)}
      >
        {t("Edit patient")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("Edit patient")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {ChangePatient && <ChangePatient patient={patient} onDone={close} />}
      </Modal>
    </>
  );
}
