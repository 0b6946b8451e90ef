"""The addresses of products."""

from django.urls import path

from salesmode.catalog import views

app_name = "catalog"
urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/new", views.create_product, name="create_product"),
    path("products/<int:product_id>", views.product, name="product"),
    path("products/<int:product_id>/edit", views.amend_product, name="amend_product"),
    path("products/<int:product_id>/retire", views.retire_product, name="retire_product"),
    path("products/<int:product_id>/offer", views.offer_product, name="offer_product"),
]
