package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import java.util.Set;
import java.util.stream.Collectors;

/** Which Ingresses are ours, so that nobody touches the others. */
public final class OwnIngresses {
  private OwnIngresses() {}

  public static Set<ObjectKey> of(ClusterView view, ClassSelection selection) {
    IngressClasses classes = new IngressClasses(view.classes(), selection);
    return view.ingresses().values().stream()
        .filter(classes::isOurs)
        .map(IngressObject::key)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The same of one Ingress, which need not be among those of the view. */
  public static boolean isOwn(IngressObject ingress, ClusterView view, ClassSelection selection) {
    return new IngressClasses(view.classes(), selection).isOurs(ingress);
  }
}
