// A clinic in which nobody decided or entered anything yet is led to its first run, once.

import { Navigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useMay } from "../../components/may";
import { useGetSettings, useListPatients, useListProtocols } from "../../queries";

const SHOWN = "clinicue.firstRun";

export function FirstRun() {
  const isAllowed = useMay();
  const [shown] = useState(() => localStorage.getItem(SHOWN) !== null);
  if (shown || !isAllowed("update_settings")) return null;
  return <WhereNew />;
}

function WhereNew() {
  const settings = useGetSettings({}).data;
  const patients = useListPatients({ limit: 1 }).data?.items;
  const plans = useListProtocols({ limit: 1 }).data?.items;
  // Any of these shows that somebody has begun already.
  const isNew =
    settings?.version === 0 &&
    !settings.lineTokenSet &&
    !settings.lineSecretSet &&
    patients?.length === 0 &&
    plans?.length === 0;
  useEffect(() => {
    if (isNew) localStorage.setItem(SHOWN, "shown");
  }, [isNew]);
  return isNew ? <Navigate to="/welcome" replace /> : null;
}
