import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { BusyButton } from "../../components/busy";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";

const MessageDrawer = onDemand(async () => (await import("./MessageDrawer")).MessageDrawer);

/** Opens a message as the patient gets it; the drawer is read with the first use. */
export function Details({ id, name }: { id: string; name: string }) {
  const { t } = useWords();
  const [wasUsed, noteUse] = useState(false);
  const [isOpen, { open, close }] = useDisclosure();
  const use = async () => {
    await MessageDrawer.preload();
    noteUse(true);
    open();
  };
  return (
    <>
      <BusyButton
        size="xs"
        variant="subtle"
        onClick={use}
        aria-label={t("Details of the message to {name}", { name })}
      >
        {t("Details")}
      </BusyButton>
      {wasUsed && (
        <Awaited afloat onClose={() => noteUse(false)}>
          <MessageDrawer id={id} name={name} opened={isOpen} close={close} />
        </Awaited>
      )}
    </>
  );
}
