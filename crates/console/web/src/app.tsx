// The console put together: the sign-in in front, the connection around, the pages inside.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter, RouterProvider } from "react-router";

import { ApiError } from "./api/error";
import { useSession } from "./api/session";
import { Frame } from "./frame";
import { ConnectionProvider } from "./live/connection";
import { Job } from "./pages/job";
import { Jobs } from "./pages/jobs";
import { NotFound } from "./pages/not-found";
import { Overview } from "./pages/overview";
import { SignIn } from "./pages/sign-in";

/** What a second try cannot mend is shown at once. */
const worthRepeating = (failures: number, error: Error) =>
  failures < 1 && !(error instanceof ApiError && error.code >= 400 && error.code < 500);

const client = new QueryClient({
  defaultOptions: { queries: { retry: worthRepeating, networkMode: "always", gcTime: 60_000 }, mutations: { networkMode: "always" } },
});

const router = createBrowserRouter([
  {
    element: <Frame />,
    children: [
      { path: "/", element: <Overview /> },
      { path: "/jobs", element: <Jobs /> },
      { path: "/jobs/:jid", element: <Job /> },
      { path: "*", element: <NotFound /> },
    ],
  },
]);

export function App() {
  const { session, ended } = useSession();
  return (
    <QueryClientProvider client={client}>
      {session ? (
        <ConnectionProvider>
          <RouterProvider router={router} />
        </ConnectionProvider>
      ) : (
        <SignIn ended={ended} />
      )}
    </QueryClientProvider>
  );
}
