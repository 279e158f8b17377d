// The decision about a master's key.
import { ApiError } from "./error";
import { rpc } from "./rpc";
import type { MasterKey, MasterKeyAct } from "./types";

/** Accepts or rejects exactly the key that was shown; returns the server's sentence. */
export async function decide(key: MasterKey, action: "accept" | "reject"): Promise<string> {
  const kwarg = { masters: [key.master_id], action, fingerprint: key.fingerprint };
  const [act] = await rpc<MasterKeyAct[]>({ resource: "master", method: "set_master_key_state", kwarg });
  if (!act?.done) throw new ApiError(act?.message ?? "The server did nothing and did not say why.", 409);
  return act.message;
}
