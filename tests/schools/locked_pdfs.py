"""PDFs of one page whose protection pypdf writes only with a library for AES: packed as base64.

Each pair is of one way to protect: against change alone, and with the password «bi-mat».
"""

import zlib
from base64 import b64decode

PACKED = {
    "RC4-40": (
        "eNqNUctuFDEQvPsr+rJH4vbblkZ7IMlKCFBWk8AlysHPZdBqJpqdlRJ+kgN/AD+CdwLJKssBSy1Z1VXlcvdifbF6"
        "w84EWfz89f0HYYAwhK+kaQhdj0PaxzxCY1xwVptg45IslyT36cDhR9ybx/sMdO03eUfo+bDvJ2CEvu/SDm5BVmIL"
        "d0dScSI995PfDhvy5AEH7/ZIIP/5FqFt3g37MVZF7VQ6/ZhT598OD/VZPMO5OD7V3cF8zDXaa3d15P75ELwFTuiH"
        "3G+mLyCx6kByJ5023NXGqttOdSz0evJ98mMi9AoaoXTJ3JRcGDJeyzPlU0rWJ2TJoSlS22SEU6K2skgaZcCCQjOH"
        "wYSa/RM0UmjBjJ31wXCMQiXmAo9JcJ2LZDFwG6slCqGcdVxEhSWUYktARH+8n4cxF4KgCT4f0EoJBQWeMVb/Pnf6"
        "F0y5E4wxe4ppc4JxzV6wafTdNo/zWK+7b7lGoe0wTCDm+dN3fRmA/blf1I01UfhoUmAsSuPRS4klq8Kl1gK91Xb5"
        "P5S658s+jo/3E6i/i95NfpzmgUijyGJxebUivwHJIsIf",
        "eNqNUctuFDEQvPsrfNkjsdvvkUZ7IMlKCFBWk8AlysGP9jJoNRPNeqWEn+TAH8CP4J1AsspywJIlq7qqul29WF+s"
        "3sCZJIufv77/IEA5HcNX0raEracx7SNOtHVOeOWDNGFJlkuCQzpwxBH35vEeKVv7De4IOx/3Q6FA2Ps+7egtVZXY"
        "0bsjqTyRnvvit+OGPHnQg3d3JFD/7EVYh7txP8WqqJVKZx8x9f7t+FDb8jM+X8Gf7t3BfMI62mt3feT++TB4RwVh"
        "H3DYlC9U8aqjSjSqMVY0tbDqt6XGwq6LH5KfEmFXtLU5NA5UjBwgcETJVfApY84mWFdLWaIVMiulIYBKuQkYG2NM"
        "jF4lnursn2rSxpkM2VvlYpIuYtY2Cx6iD8lxD6AAGyUy8MRrp8aigBSdEtaJEI073s/DhJlwagh/PtRoLTXN9BmD"
        "+ve5MrxgujnBANwpZuwJJgy8YGXy/RanOdbr/hvWUVg3joXKOX/2bsgjhT/vi7qxNuSsnY/gEFLQNoKsaSlEUCJo"
        "JdLyfyh1z5dDnB7vC9V/F70rfipzIMpqslhcXq3IbzKPxJU=",
    ),
    "AES-128": (
        "eNqNks1uEzEQx+9+Cl9ypP722lIUqeRDQlClSqAX1MOsPU6Dwm60cVDLS3LgDeiL4E1KGhEOrNaWPZ75z/jnGdxO"
        "Zm/ElSKDX88/fhJBOW3rL2Q4JOy2a+M+YEeHUDstvcQUAB0qraMy3moNvgyVbMVDbbhzSUrNg1KovQ+qjsE7ngT6"
        "ERmNCDaxV5ZnGT4+bZGyW1jhjrBxu28yFYS9X8cd/Ux1cVzQ+7NQdRE6hgybdkWOGrTXXpwF6H/mImyBu3bfhRJR"
        "Too7u8G4hrftY0nLr/hhSH4c9714h6W0v9XNmfod1UW2nz5gs8oPVEhXAmnBpr2tCjzCZutNLjTZMkMToYuEzenQ"
        "YQ3G69r6YJQreKsEDpRK4F0wSYnIQZVfcK9NlJYbp3QNSUlTVdIWtOwTHWpnXLReRSU0cJmUsamqrEgRg3XgpKuT"
        "RoMaK+NAC6s5L3ubUgIuuCsq41kPoxQXX1bX+/ww/dZfnE3aMN9i0zvdUHY9Xd7J14vaHkkPcZm/zuhRoN90p80r"
        "sscOE+HUEn76qDVGGZroySYK2MNJc7IJoS5tlbywSSkubOpcL3ew3mB3eLPl+juWUtiibTNVh8dl75rUUvGynpR2"
        "GNYpekheiDoAoEreFZJR11FXImCC0f+4lCaaNqF72mZq/nTRLkOXD0CslGQwmM5n5DcLrO0i",
        "eNqNUstuUzEQ3fsrvMmS2h6PH1eKIpU8JARVqgS6QV34+pEGhXujGwe1/CQL/oD+CL5JSSPCAkt+zOvM+MwMbiez"
        "N+JKksGv5x8/iaCctvUXMhwSdtu1Ye9jR4c1COM0eBRG1E6jsKCkdtFCzZ0ymIJOVYxYS4MmgNBBeh29MLySFSox"
        "IqMRiU3okeEsw8enbaTs1q3ijrBxu28yFYS9X4cd/UyxOC7o/VmovAgdu+w27YocMWiPvTgLwH/mImwRd+2+8yWi"
        "WIo7u4lh7d62jyUtv+KHDfy473vwLpbS/kZXZ+h3FAtsf3yIzSo/UAG2BFKECittoALCZutNLmyyZXZNcF0gbE6H"
        "HrWXzthyYeUUd8GhdYLbBNLxVJtgwKeYvEiIwVpwspIgK20tShSpFP+JDgMPmmsAXQcpE3Ij62RTpdAFqOtisHXC"
        "qCJGo6xDoZHzIuuUkuMlWUEZz3oySnHh5XW9zw/Tb/3H2aT1821seqcbyq6nyzt4/ajuKelJXOavM3oE6IXuJLxS"
        "9tjFRDjVhJ8W1UpJRRM96UQh9mBpTjoh5KXOwIUOQFzo5Dle7tx6E7tDz5br77GUwhZtm6k8NJe9a1JLxct7UsZh"
        "CCbqyrskIVmBaOqkhIlW9bMPqnKj/3EpQzRtfPe0zVT9maJddl0+EFL6QwaD6XxGfgPxYult",
    ),
    "AES-256-R5": (
        "eNqNU81uHDcMvs9T6OJjMxIl6gdYGEjtNVC0gQ27zSXIgSIlZwtnxxiPi6Qv2UPfoHmRctaps6h76AAaSNTHj+Qn"
        "8uTq/OI798oPJ399+ePPwRlrpvrrsNkM49U8ySO32WyKlVIgdrSUc8DesWNi4kZM2ccOtoeOiBkTcCEFAuRK2YYQ"
        "uPl+OpyeDm0vKzMcRfj5830z4xXdtodhPJse94txw/jjTh7MOxMUeG3eH7n6F65ntNDddDs8cZiV+/rIIfxnrGG8"
        "bg/T48zqoTcKH9802dH30ycNa1/ZwwL7tN6v5HPT1P7Njkfsbw0q7fr7qe1vlw8GMKqjCVBCiQkKDOPF7m5RNceb"
        "hfZCswzjpdmQszbHLJ4SF5UyEeeYakWggKIacpWWxBVXKrZek2RvMScXi+g+V0GmlHsnSr6ik+4giGfqhXOqSYv7"
        "RR9QMwgRugK5dhdactipkEMMqChOwfvUEtkEMaHv3kkCjQzNipPcgVyzlJpIDda6gK3kUF3gYGMMWaOcXaxianHy"
        "dff6cfmw/W0Vbjyf+PK+7VfQGzO+3t689c9CeVglXR/hZvl4YZ4I1sP87XC5NZuYOqNE7plqqZYZwUbbmTVtpBo0"
        "Td/ZgtpsytCzI9Y0rW0uSrRhFWKliQw1lVit9Fw6ZXHdCygL18AsgLXEUhmJIQJHEhB0nKJrSN5Vpblq80ftHC/k"
        "AVPLKfYCXXLomlXwNVVCG+tx03+aWx+siYN9/kxE9Gi6ebY5bajDzf7Z5px/aUvwwgbgXtj8Md8y0+6uzYdevdn9"
        "3jSV8XqaFuMPTT3+sO+TcV/35zoGm1qDygqsNVUtLuUioVpbpdoatalP/w9Eh2e75/nz/WLwn+l5WGheDoLkZIeT"
        "k+3lxfA31vkyKg==",
        "eNqNk8FuHDcMhu/zFLr42IxESZQILAyk9hoo2sCG3eYS5EBRkrOFs2OMx0XSl+yhb9C8SDnr1FnUPXQADURK/Cl+"
        "ok6uzi++c6/8cPLXlz/+HJyxZiq/DpvNMF7NU32UNpuNpVYqJclsJduOhOhScylDZkg+IkDKJWTvqKcA3XO1PbvC"
        "7MVVTqfD6enQ9nVVhqMMP3++b2a84tv2MIxn0+N+MW4Yf9zVB/POBN14bd4fhfoXoWe88N10OzxpmFX7+igg/Geu"
        "YbxuD9PjLBqhK7p9fNPqjr+fPmla+8oeBtin8X4Vn5se7d/q8Uj9rYkqu/5+avvb5YOBiBpoAlAgTEAwjBe7u0Vp"
        "jjcL7yvPdRgvFa0vhW2yElv2HABc8iU3T7kkqD5IJJu84+i681SibeCEqZbAqHbRP9bScuuQCEW6qCeplUMilqjF"
        "/WI2PUbXqnUkKaH0jlwg51wPSYkA9b4wtYoxWxEgm4EipVaktxpdBhctAHrIPYg0ac7bVoElOMyFq2Y5u1hhanH1"
        "6+z14/Jh+9sKbjyf5PK+7ddNb8z4envz1j+D8rAiXS/hZvl4YZ4EVmP+ZlxuzSbGwB5tTIFBS7bSScvpqTNURMna"
        "Z9BiTzlT6Jx88pwtcSfsyROFFYTKpAKtFrE9UkcklwtyIguuiIJXlAjcu+VK0KhkrEoo14Q+dglkWWWu2vxROweV"
        "jqL2yJhBEtvYMCcLXVKLoebjpv80tz5Yg4N9/gzG6KPp5tnntKEOK/tnn3P+pS/BC5+2zQufP9ZbZt7dtfnQqze7"
        "35seZbyepsX4Q1OPP+z7ZNzX+bk+g42yBPHVFowYRYi4CrKSgFIosZz+ny36eLZ7mT/fLyb+83oeFp6XAxClNZyc"
        "bC8vhr8BpB8v4g==",
    ),
    "AES-256": (
        "eNqNU8tuFDEQvM9X+JIjjN3tp7SKFJJdCQHKKgEuiEPbbieLwk40mSDgJznwB/Aj9GxCWBEOWLJkt7ur7HL1wfpk"
        "9cQ8xe7gx89v3zujtBryh26x6Pr1ONTbwqNaIBI3DDnbUm2gaLCg84VaTeR0YKJKBXOBTJCBcjIcNQYPNetsvT3s"
        "Dg873tYZGfYYXn+5ZtWv6YJvuv54uN1OynT9i029Ue+UlcQz9X6vFB+VHtNEV8NFd4ehZuyzvQL7T66uP+Ob4XYs"
        "UiEnkt6/4rqhZ8NnodVP9W6CvpvvZ/CR5Wp/o7s99LfKCazyXf+StxfTpQIn67WykGzyARJ0/WpzNYma/flE20pj"
        "7fpTtSBrbA3VW6M1gyUwgOwIGSJVbZlq06VYzDYnhzUwhxbI+UzOJeOpmZJDYTZJO0bRvvrKHnL0mhp4lse9UQsm"
        "nWImAue4GYGsucUgn1RcaZGoNdeCUIPJYHPhpOXiwpddzA5jBQcemJKJMTUESFpHqBU0oGvaFmE5Xs1iyuPq/ero"
        "drpcfpqF60+GcnrN2znpleqPludv8UEohFnS+RPOp48rdQcwb8Y/m9OlWugKrCP6xMFpIDShYvQNEhYTQwWTSrQm"
        "1UgBYyHPppRZSzNLSDHOQgiMcSE7By0ETqKfZBRfnPiZxMQNYjLgo7w9oybh8o1M1uQqojWGqxeYNY8fxTkORUIX"
        "HARtNAAam9hW6wGDMRrzvuk/j9w6LfbQD0N559Cpph5iRgy1O9k+xIzBx7EAj2LycY9iuI83jbS54nHn1fPNV56d"
        "ejYMk8Kdqfvn2zYoc78+kTZYiLyFULo9eLFTENWqeKg000qjRPbwf1KkeZbbMn65npT73T03E43TTpAYdHdwsDxd"
        "db8Ag6Aumw==",
        "eNqNU81uFDEMvs9T5NIjTJw/J9KqUml3JQSoqxa4IA524rSLyk41nSLgJTnwBvAiZLalrCgHIkWKHftz/OXzwfpk"
        "9QSe2u7gx89v3ztQWg38oVssun49DuU2y6gWDJ5BaxcoBrEaEnhtkxiMHqpxJlaqSYfgXbbRoq8h5KC5RLHOg4TD"
        "7vCwk22Zkc1ehddfrkX1a7qQm64/Hm63k4Kuf7EpN+qdci3wTL3fS7WPUo9poqvhorvDUDP22V6C+2etrj+Tm+F2"
        "zC2j3bTw/pWUDT0bPrey+qnebaPv9vsZfJT2tL/R/R76W+UbrApd/1K2F9OlMr6d18qZ5FJAk0zXrzZXU2OzP59o"
        "W2gsXX+qFuCDFoGcEotw8rpQAZM4OokhsmYJhly7KeK9GJtLMmApenKeOYIOSA5NRvYcS8gohdHF6LwvCam05t6o"
        "hVQky9WLxooCVlJkcsU2y0EmwuR9jcKO2RhbXMRovSMTNEXIxjrkgDEhtgQ0AOAKQ7XZ6BwJRbcqx6uZzNZcuT8d"
        "3U6Xy08zcf3JkE+vZTsHvVL90fL8rX0gypqZ0vkTzqePK3UHMBvjH+N0qRaVWpO12lSLYAKiJFKqTllri8lpEiY2"
        "JdpYk7Ou+kyYA0qLjxTRzEQ0mFIhQtSWjPYckocQi7ZQNehiQUdqSkcITchMCBWcIW0SBk5sSwJsMGsZPzblOMyt"
        "ecftFZTFcvZUrE+mfSMyB94X/edRaqebPPTDUsF761VVDz5ogtrdbB98APaxD80jnzHwyGf38aaRNlcy7rR6vvkq"
        "s1LPhmFSdifq/vm2DgruzydtDBaRU5t0TMZEb2zCWDmizdFLEUCHh/8T0oZnuc3jl+tJ+d/TczPROO0Iiai7g4Pl"
        "6ar7BbGZLM4=",
    ),
}
OWNER_ONLY = {name: zlib.decompress(b64decode(pair[0])) for name, pair in PACKED.items()}
WITH_PASSWORD = {name: zlib.decompress(b64decode(pair[1])) for name, pair in PACKED.items()}
