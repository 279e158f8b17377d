// The frame of every page: where one can go, how live it is, who is signed in.
import { Button, Masthead, MastheadBrand, MastheadContent, MastheadMain, Page, PageSection, SkipToContent } from "@patternfly/react-core";
import SignOutAltIcon from "@patternfly/react-icons/dist/esm/icons/sign-out-alt-icon";
import { useQueryClient } from "@tanstack/react-query";
import { Link, NavLink, Outlet } from "react-router";

import { endSession, useSession } from "./api/session";
import { ConnectionChip } from "./live/chip";
import { Logo } from "./ui/logo";

export function Frame() {
  const masthead = (
    <Masthead className="frame">
      <MastheadMain>
        <MastheadBrand>
          <Link to="/" className="brand" aria-label="raas, to the clusters">
            <Logo />
            <span aria-hidden>raas</span>
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <nav className="frame__nav" aria-label="Pages">
          <NavLink to="/" end>
            Clusters
          </NavLink>
          <NavLink to="/jobs">Jobs</NavLink>
        </nav>
        <div className="frame__end">
          <ConnectionChip />
          <SignedIn />
        </div>
      </MastheadContent>
    </Masthead>
  );
  return (
    <Page masthead={masthead} mainContainerId="main" isContentFilled skipToContent={<SkipToContent href="#main">To the content</SkipToContent>}>
      <PageSection isFilled>
        <Outlet />
      </PageSection>
    </Page>
  );
}

function SignedIn() {
  const { session } = useSession();
  const client = useQueryClient();
  const leave = () => {
    endSession();
    client.clear();
  };
  return (
    <>
      <span className="frame__user">{session?.username}</span>
      <Button variant="plain" icon={<SignOutAltIcon />} aria-label="Sign out" title="Sign out" onClick={leave} />
    </>
  );
}
