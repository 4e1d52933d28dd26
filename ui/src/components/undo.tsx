// A toast with a way back, for what can be undone: no question beforehand.

import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";

/** Says what was done; `back` takes it back. `undo` is the reader's word for it. */
export function showUndo(text: string, undo: string, back: () => void) {
  const id = `undo ${Date.now()}`;
  notifications.show({
    id,
    color: "teal",
    autoClose: 10_000,
    message: (
      <Group justify="space-between">
        {text}
        <Button
          size="xs"
          variant="subtle"
          onClick={() => {
            back();
            notifications.hide(id);
          }}
        >
          {undo}
        </Button>
      </Group>
    ),
  });
}
