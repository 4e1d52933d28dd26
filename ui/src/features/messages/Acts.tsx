// What may be done to a message of a list, its details first.

import { Group, Stack } from "@mantine/core";
import type { Message } from "../../bindings";
import { useMessageActions } from "../../shared/MessageActions";
import { Details } from "./Details";

type Row = Pick<Message, "id" | "patientId" | "patientName" | "dueAt" | "actions">;

export function Acts({ message }: { message: Row }) {
  const { buttons, problem } = useMessageActions(message, "xs");
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs">
        <Details id={message.id} name={message.patientName} />
        {buttons}
      </Group>
      {problem}
    </Stack>
  );
}
