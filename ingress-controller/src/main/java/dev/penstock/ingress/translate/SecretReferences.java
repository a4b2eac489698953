package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import java.util.HashSet;
import java.util.Set;

/**
 * Which Secrets a translation will ask for: those that an Ingress of ours names, in its own
 * namespace alone. A source that may not read all Secrets reads these.
 */
public final class SecretReferences {
  private SecretReferences() {}

  public static Set<ObjectKey> of(ClusterView view, ClassSelection selection) {
    IngressClasses classes = new IngressClasses(view.classes(), selection);
    Set<ObjectKey> named = new HashSet<>();
    for (IngressObject ingress : view.ingresses().values()) {
      if (ingress.tls().isEmpty() || !classes.isOurs(ingress)) continue;
      if (OneIngress.isTooLarge(ingress)) continue;
      for (IngressObject.Tls tls : ingress.tls()) {
        boolean isName = ObjectKey.isName(tls.secretName());
        if (isName) named.add(new ObjectKey(ingress.key().namespace(), tls.secretName()));
      }
    }
    return named;
  }
}
