// A file as its text, to be copied: the window has no place for files of its own making.

import { Button, CopyButton, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useWords } from "../i18n/useWords";

type Props = {
  name: string;
  /** Null while it is not shown. */
  text: string | null;
  onClose: () => void;
};

export function FileText({ name, text, onClose }: Props) {
  const { t } = useWords();
  return (
    <Modal
      opened={text !== null}
      onClose={onClose}
      size="lg"
      title={t("Export")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack align="flex-start">
        <Text size="sm">{t("Copy this text into a file named {name}.", { name })}</Text>
        <Textarea aria-label={t("Text of the file")} value={text ?? ""} readOnly rows={12} w="100%" />
        <CopyButton value={text ?? ""}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? t("Copied") : t("Copy")}</Button>}
        </CopyButton>
      </Stack>
    </Modal>
  );
}
