// A form that holds lists within lists: a plan, or the messages of a template. Mantine's copies all that
// is written with each key, and brings 5 kB; here a change makes anew only what stands around it.

import { replaceEqualDeep } from "@tanstack/react-query";
import { type ReactNode, type SyntheticEvent, useRef, useState } from "react";
import type { Bound } from "../../components/clock";

type Errors = Record<string, ReactNode>;

type Begun<V> = {
  initialValues: V;
  /** What is wrong before the core is asked, by the fields, `steps.0.name`. */
  validate?: (values: V) => Errors;
};

export function useListForm<V extends object>({ initialValues, validate = () => ({}) }: Begun<V>) {
  const [values, setValues] = useState(initialValues);
  const [errors, setErrors] = useState<Errors>({});
  // One press may write several times before anything is drawn.
  const now = useRef(values);
  const saved = useRef(values);
  const change = (path: string, to: unknown) => {
    now.current = changed(now.current, path.split("."), to);
    setValues(now.current);
  };
  const setFieldValue = (path: string, value: unknown) => {
    setErrors(({ [path]: mended, ...others }) => others);
    change(path, value);
  };
  const rearrange = (path: string, arrange: (places: number[]) => number[], item?: unknown) => {
    const items = valueAt(now.current, path);
    if (!Array.isArray(items)) return;
    const places = arrange([...items.keys()]);
    setErrors((was) => movedErrors(was, path, places));
    change(
      path,
      places.map((place) => (place === NEW ? item : items[place])),
    );
  };
  return {
    values,
    errors,
    setErrors,
    setFieldValue,
    /** Binds a field by its path. */
    getInputProps: (path: string, options?: { type: "checkbox" }): Bound => ({
      onChange: (given: unknown) => setFieldValue(path, written(given)),
      "data-path": path,
      error: errors[path],
      [options ? "checked" : "value"]: valueAt(now.current, path),
    }),
    insertListItem: (path: string, item: unknown, at?: number) =>
      rearrange(path, (places) => places.toSpliced(at ?? places.length, 0, NEW), item),
    removeListItem: (path: string, at: number) => rearrange(path, (places) => places.toSpliced(at, 1)),
    reorderListItem: (path: string, { from, to }: { from: number; to: number }) =>
      rearrange(path, (places) => places.toSpliced(from, 1).toSpliced(to, 0, from)),
    isDirty: () => replaceEqualDeep(saved.current, now.current) !== saved.current,
    /** What is written now is what was saved. */
    resetDirty: () => {
      saved.current = now.current;
    },
    onSubmit: (send: (values: V) => void, onWrong?: (errors: Errors) => void) => (event: SyntheticEvent) => {
      event.preventDefault();
      const found = validate(now.current);
      setErrors(found);
      if (Object.keys(found).length > 0) onWrong?.(found);
      else send(now.current);
    },
  };
}

/** Stands among the places of a list for what is put in. */
const NEW = -1;

const memberOf = (whole: unknown, name: string): unknown =>
  typeof whole === "object" && whole !== null ? Reflect.get(whole, name) : undefined;

const valueAt = (values: unknown, path: string): unknown => path.split(".").reduce(memberOf, values);

/** The same with another value at a path; what does not lead there stays the same object. */
function changed<T>(whole: T, path: string[], value: unknown): T;
function changed(whole: unknown, [name, ...path]: string[], value: unknown): unknown {
  if (name === undefined) return value;
  // What was written to may be gone by now.
  if (typeof whole !== "object" || whole === null) return whole;
  const member = changed(memberOf(whole, name), path, value);
  if (!Array.isArray(whole)) return { ...whole, [name]: member };
  return Number(name) < whole.length ? whole.with(Number(name), member) : whole;
}

/** What is wrong in a list goes with its item; `places` are where the items stood before. */
function movedErrors(errors: Errors, list: string, places: number[]): Errors {
  const moved = Object.entries(errors).map(([field, error]) => {
    if (!field.startsWith(`${list}.`)) return [field, error];
    const [at, ...inside] = field.slice(list.length + 1).split(".");
    const to = places.indexOf(Number(at));
    return to < 0 ? [] : [[list, to, ...inside].join("."), error];
  });
  return Object.fromEntries(moved.filter(({ length }) => length > 0));
}

/** What a field hands over: the browser's own an event, any other its value. */
function written(given: unknown): unknown {
  const field = memberOf(given, "nativeEvent") && memberOf(given, "currentTarget");
  if (field instanceof HTMLInputElement && field.type === "checkbox") return field.checked;
  const isOfBrowser =
    field instanceof HTMLInputElement ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLSelectElement;
  return isOfBrowser ? field.value : given;
}
