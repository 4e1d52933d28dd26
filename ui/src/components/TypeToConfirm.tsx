// Before what cannot be undone: a name is typed, so that no press alone does it.

import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

type Props = {
  label: string;
  /** What has to be typed; it is shown. */
  name: string;
  keep: string;
  onKeep: () => void;
  act: string;
  onAct: (typed: string) => void;
  isPending: boolean;
  /** What stands between the field and the buttons: why it was refused. */
  children?: ReactNode;
};

export function TypeToConfirm({ label, name, keep, onKeep, act, onAct, isPending, children }: Props) {
  const [typed, setTyped] = useState("");
  return (
    <Stack>
      <TextInput
        label={label}
        description={name}
        descriptionProps={{ fz: "sm", c: "bright" }}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
      />
      {children}
      <Group justify="flex-end">
        <Button variant="default" onClick={onKeep}>
          {keep}
        </Button>
        <Button
          color="red.9"
          disabled={typed.trim() !== name.trim()}
          loading={isPending}
          onClick={() => onAct(typed)}
        >
          {act}
        </Button>
      </Group>
    </Stack>
  );
}
