package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Translation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewAssemblyTest {
  private static final int CHANGES = 300;

  private final ViewAssembly assembly = new ViewAssembly();
  private final TreeMap<String, FileObjects> files = new TreeMap<>();

  private static String object(Random random) {
    String kind = random.nextBoolean() ? "Service" : "Ingress";
    String protection =
        random.nextBoolean()
            ? ", annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8}"
            : "";
    return """
    ---
    apiVersion: %s
    kind: %s
    metadata: {name: n%d%s}
    spec: {}
    """
        .formatted(
            kind.equals("Service") ? "v1" : "networking.k8s.io/v1",
            kind,
            random.nextInt(8),
            protection);
  }

  private Translation<ClusterView> changed(Random random) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      String name = "f" + random.nextInt(6);
      String text = "";
      for (int objects = random.nextInt(3); objects > 0; objects--) text += object(random);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (random.nextInt(4) == 0) files.remove(name);
      else files.put(name, ManifestReader.read(name, bytes, Companions.NONE));
    }
    return assembly.assemble(new ArrayList<>(files.values()));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void aChangedViewIsWhatAllFilesGive(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CHANGES; i++) {
      Translation<ClusterView> view = changed(random);

      assertThat(view)
          .as("seed %d, change %d: %s", seed, i, files)
          .isEqualTo(new ViewAssembly().assemble(List.copyOf(files.values())));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void theMapOfAKindThatHasNotChangedIsTheSame(long seed) {
    Random random = new Random(seed);
    ClusterView before = changed(random).value();
    byte[] slice =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: s, labels: {kubernetes.io/service-name: s}}
        addressType: IPv4
        """
            .getBytes(StandardCharsets.UTF_8);
    files.put("g", ManifestReader.read("g", slice, Companions.NONE));

    ClusterView now = assembly.assemble(List.copyOf(files.values())).value();

    assertThat(now.slices()).isNotEmpty();
    assertThat(now.ingresses()).isSameAs(before.ingresses());
    assertThat(now.services()).isSameAs(before.services());
  }
}
