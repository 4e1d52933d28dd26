import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { useGetPatient, useStatus } from "../queries";
import { type QueryKey, queryKey } from "./queryKey";

test("the key of a read finds it, whatever was asked", () => {
  const client = new QueryClient();
  client.setQueryData(queryKey("getPatient", { id: "p1" }), {});
  client.setQueryData(queryKey("getPatient", { id: "p2" }), {});
  client.setQueryData(queryKey("status", {}), {});
  expect(client.getQueryCache().findAll({ queryKey: useGetPatient.key })).toHaveLength(2);
  expect(client.getQueryCache().findAll({ queryKey: useStatus.key })).toHaveLength(1);
});

test("nobody types a key by hand: the compiler takes none", () => {
  // @ts-expect-error: an array is no key, though it says the same.
  const typed: QueryKey = ["status"];
  expect([...queryKey("status")]).toEqual(typed);
  // @ts-expect-error: nobody is asked that.
  expect([...queryKey("stauts")]).toEqual(["stauts"]);
});
