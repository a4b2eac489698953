package dev.penstock.admission;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind that is judged.
 *
 * @param of the objects of this kind
 * @param with the same view with these objects of this kind
 */
record ReviewedKind<T>(
    ApiKind<T> api,
    Function<ClusterView, Map<ObjectKey, T>> of,
    BiFunction<ClusterView, Map<ObjectKey, T>, ClusterView> with) {

  static final ReviewedKind<IngressObject> INGRESS =
      new ReviewedKind<>(
          ApiKind.INGRESS,
          ClusterView::ingresses,
          (view, ingresses) ->
              new ClusterView(
                  ingresses,
                  view.classes(),
                  view.services(),
                  view.slices(),
                  view.secrets(),
                  view.configMaps(),
                  view.unread(),
                  view.absent()));

  static final ReviewedKind<ServiceObject> SERVICE =
      new ReviewedKind<>(
          ApiKind.SERVICE,
          ClusterView::services,
          (view, services) ->
              new ClusterView(
                  view.ingresses(),
                  view.classes(),
                  services,
                  view.slices(),
                  view.secrets(),
                  view.configMaps(),
                  view.unread(),
                  view.absent()));

  static final ReviewedKind<ConfigMapObject> CONFIG_MAP =
      new ReviewedKind<>(
          ApiKind.CONFIG_MAP,
          ClusterView::configMaps,
          (view, configMaps) ->
              new ClusterView(
                  view.ingresses(),
                  view.classes(),
                  view.services(),
                  view.slices(),
                  view.secrets(),
                  configMaps,
                  view.unread(),
                  view.absent()));

  /** The view if only this object of it were another. */
  ClusterView replaced(ClusterView view, ObjectKey key, @Nullable T object) {
    Map<ObjectKey, T> objects = new HashMap<>(of.apply(view));
    if (object == null) objects.remove(key);
    else objects.put(key, object);
    return with.apply(view, objects);
  }
}
