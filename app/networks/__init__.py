"""Networks: the orders that appoint a district's network of learning centres, by the seven sectors.

Glossary: คำสั่งเครือข่าย = network order, ภาคีเครือข่าย = sector.
"""
