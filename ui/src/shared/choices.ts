// Lists that people choose from: read to their last page, or what stands on the next could not be
// chosen.

import { LIMITS } from "../bindings";
import { useAllOf } from "../lib/live";
import { useListMessageTemplatesPages, useListProtocolsPages } from "../queries";

const { maximum: limit } = LIMITS.PageOf.limit;

export const useAllProtocols = () => useAllOf(useListProtocolsPages({ limit }));

export const useAllTemplates = (options: { enabled: boolean }) =>
  useAllOf(useListMessageTemplatesPages({ limit }, options));
