// Signing in. It takes the place of whatever page was asked for, so that the address stays.
import { Alert, Button, Card, CardBody, CardTitle, Form, FormGroup, TextInput } from "@patternfly/react-core";
import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useRef, useState } from "react";

import { sentence } from "../api/error";
import { login } from "../api/login";
import { Logo } from "../ui/logo";
import { useTitle } from "../ui/title";

export function SignIn({ ended }: { ended: string | null }) {
  useTitle("Sign in");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const act = useMutation({
    mutationFn: () => login(name.trim(), password),
    onError: () => field.current?.select(),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!act.isPending) act.mutate();
  };
  return (
    <main className="sign-in">
      <Card className="sign-in__card">
        <CardTitle component="h1">
          <Logo /> Sign in to raas
        </CardTitle>
        <CardBody>
          <Form onSubmit={submit} aria-label="Sign in">
            {ended !== null && !act.error && <Alert isInline variant="info" component="p" title={ended} />}
            <div role="alert">
              {act.error && <Alert isInline variant="danger" component="p" title={sentence(act.error)} />}
            </div>
            <FormGroup label="User name" fieldId="username">
              <TextInput id="username" name="username" value={name} onChange={(_, value) => setName(value)} autoComplete="username" autoCapitalize="none" spellCheck="false" isRequired />
            </FormGroup>
            <FormGroup label="Password" fieldId="password">
              <TextInput id="password" ref={field} name="password" type="password" value={password} onChange={(_, value) => setPassword(value)} autoComplete="current-password" isRequired />
            </FormGroup>
            <Button type="submit" isBlock isLoading={act.isPending} isDisabled={act.isPending}>
              Sign in
            </Button>
          </Form>
          <p className="quiet sign-in__hint">
            First time? The account is <b>root</b>; its password is in <code>raas-data/root-password</code> on the server.
          </p>
        </CardBody>
      </Card>
    </main>
  );
}
