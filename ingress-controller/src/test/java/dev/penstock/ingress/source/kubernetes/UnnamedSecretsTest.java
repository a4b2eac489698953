package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.model.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnnamedSecretsTest {
  private static final int NAME_BYTES = "tls.crt".length();

  private final Map<ObjectKey, ApiObject<SecretObject>> objects = new HashMap<>();

  private ObjectKey secret(String namespace, String name, int bytes) {
    ObjectKey key = new ObjectKey(namespace, name);
    Map<String, String> data = Map.of("tls.crt", "x".repeat(bytes - NAME_BYTES));
    SecretObject secret =
        new SecretObject(
            Source.of("Secret", namespace, name), key, "kubernetes.io/tls", data, Set.of());
    objects.put(key, new ApiObject<>(key, "1", "uid", secret, List.of()));
    return key;
  }

  private List<ObjectKey> leftOut() {
    return objects.values().stream()
        .filter(ApiObject::isLeftOut)
        .map(ApiObject::key)
        .sorted()
        .toList();
  }

  @Test
  void whatFitsIsKept() {
    secret("a", "s", 600);
    secret("b", "s", 400);

    assertThat(UnnamedSecrets.bound(objects, Set.of(), 1_000)).isFalse();
    assertThat(leftOut()).isEmpty();
  }

  @Test
  void whoHoldsMostGivesUpTheLargestFirst() {
    ObjectKey largest = secret("many", "s1", 500);
    secret("many", "s2", 300);
    secret("many", "s3", 100);
    secret("few", "s", 400);

    assertThat(UnnamedSecrets.bound(objects, Set.of(), 900)).isTrue();
    assertThat(leftOut()).containsExactly(largest);
  }

  @Test
  void severalThatHoldMuchComeDownTogether() {
    for (int i = 0; i < 50; i++) {
      secret("a", "s" + i, 100);
      secret("b", "s" + i, 100);
    }
    secret("few", "s", 800);
    UnnamedSecrets.bound(objects, Set.of(), 2_800);

    assertThat(leftOut()).hasSize(80);
    assertThat(leftOut()).filteredOn(key -> key.namespace().equals("a")).hasSize(40);
  }

  @Test
  void whatIsNamedStaysAndTakesNoRoom() {
    ObjectKey named = secret("a", "named", 5_000);
    secret("a", "s", 900);
    UnnamedSecrets.bound(objects, Set.of(named), 1_000);

    assertThat(leftOut()).isEmpty();
  }

  @Test
  void whatIsLeftOutTakesNoRoom() {
    secret("a", "s1", 900);
    secret("a", "s2", 800);
    UnnamedSecrets.bound(objects, Set.of(), 1_000);

    assertThat(UnnamedSecrets.bound(objects, Set.of(), 1_000)).isFalse();
  }
}
